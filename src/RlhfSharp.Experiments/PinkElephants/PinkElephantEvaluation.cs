using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Lets the model in training answer: validation dialogues on the way, evaluation dialogues once, at the end, beside the start.</summary>
/// <param name="model">The model in training.</param>
/// <param name="prompts">Writes dialogues out for it.</param>
/// <param name="set">The dialogues.</param>
/// <param name="options">Settings.</param>
/// <param name="startPath">The checkpoint that training started from.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="best">Chooses among several samples of the model; null where one is drawn.</param>
internal sealed class PinkElephantEvaluation(
    LanguageModel model, DialoguePrompts prompts, DialogueSet set, PinkElephantEvaluationOptions options, string startPath, long seed, BestAnswer? best = null) : IEvaluation
{
    private const int SamplesKept = 40;
    private const int DiagnosedDialogues = 120;
    private const int TokensPerBatch = 8192;

    // One for the whole run: it compiles a pattern for every thing there is.
    private readonly AnswerInspector _inspector = new([.. set.Training, .. set.Validation, .. set.Evaluation]);

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        var metrics = new OrderedDictionary<string, double>();
        var intervals = new Dictionary<string, Interval>();
        var samples = new List<JsonObject>();
        void Add(string name, Estimate estimate)
        {
            metrics[name] = estimate.Value;
            if (estimate.Interval is { } interval)
            {
                intervals[name] = interval;
            }
        }
        var validation = DialogueSet.Some(set.Validation, options.ValidationDialogues);
        if (isLast)
        {
            Compare(Add, samples, step, cancellationToken);
            AddBetas(Add, string.Empty, validation, options.Betas, step, cancellationToken);
            AddBetas(Add, "_seen", DialogueSet.Some(set.Training, options.ValidationDialogues), options.Betas, step, cancellationToken);
        }
        else
        {
            AddBetas(Add, string.Empty, validation, options.Beta > 0 ? [0, options.Beta] : [0], step, cancellationToken);
        }
        if (IsSteered)
        {
            var strongest = Name(AnswerScores.MentionRate, options.Beta);
            if (metrics.TryGetValue(Name(AnswerScores.MentionRate, 0), out var plain) && metrics.TryGetValue(strongest, out var steered))
            {
                metrics["steering/gain"] = plain - steered;
            }
            Diagnose(metrics, validation, cancellationToken);
        }
        return new EvaluationResult(metrics, samples, new Dictionary<string, IReadOnlyList<Observation>>()) { Intervals = isLast ? intervals : new Dictionary<string, Interval>() };
    }

    private bool IsSteered => model.Head<IlqlHeads>() is not null;

    private static string Name(string metric, double beta) => $"{metric}@beta={beta.ToString(CultureInfo.InvariantCulture)}";

    private void AddBetas(
        Action<string, Estimate> add, string suffix, IReadOnlyList<PinkElephantDialogue> dialogues, IReadOnlyList<double> betas, int step, CancellationToken cancellationToken)
    {
        foreach (var beta in IsSteered ? betas : [0])
        {
            var scores = AnswerScores.Measure(Answer(dialogues, model, beta, step, cancellationToken));
            // By a name that is the same whatever the result's strength of steering: settings are compared by it.
            if (suffix.Length == 0 && beta == (IsSteered ? options.Beta : 0))
            {
                foreach (var (name, score) in scores)
                {
                    add($"validation/{name}", score);
                }
            }
            foreach (var name in new[] { AnswerScores.MentionRate, AnswerScores.UninstructedRate, "on_topic", "well_formed" }.Where(scores.ContainsKey))
            {
                add(Name(name + suffix, beta), scores[name]);
            }
        }
    }

    // The start and the trained model answer the same dialogues with the same temperature and top-k.
    private void Compare(Action<string, Estimate> add, List<JsonObject> samples, int step, CancellationToken cancellationToken)
    {
        var dialogues = DialogueSet.Some(set.Evaluation, options.EvaluationDialogues);
        using var start = AnswerReader.Load(startPath, prompts.Format, model.Type, model.Device);
        var before = Answer(dialogues, start.Model, 0, 0, cancellationToken);
        var after = Answer(dialogues, model, options.Beta, step, cancellationToken);
        foreach (var (suffix, answers) in new[] { ("start", before), ("final", after) })
        {
            foreach (var (name, score) in AnswerScores.Measure(answers))
            {
                add($"{name}/{suffix}", score);
            }
        }
        IReadOnlyList<string> pairs = [.. dialogues.Select(dialogue => dialogue.Pair)];
        var startOwn = start.Losses(before, cancellationToken);
        var startAfter = start.Losses(after, cancellationToken);
        add("perplexity_ratio/final", AnswerLikelihood.Ratio(startAfter, startOwn, pairs));
        if (best is null)   // whose answers are those of the start, but not as likely as the start has them
        {
            var read = prompts.Answered([.. after.Select(answer => answer.Dialogue)], [.. after.Select(answer => answer.Answer)]);
            add("kl/final", AnswerLikelihood.Divergence(AnswerLikelihood.PerToken(model, read, cancellationToken), startAfter, [.. read.Select(row => row.AnswerLength)], pairs));
        }
        if (options.Judge is { } judgePath)
        {
            using var judge = AnswerReader.Load(judgePath, prompts.Format, model.Type, model.Device);
            var chosen = judge.ChosenLosses(dialogues, cancellationToken);
            foreach (var (suffix, answers) in new[] { ("start", before), ("final", after) })
            {
                add($"judge_perplexity_ratio/{suffix}", AnswerLikelihood.Ratio(judge.Losses(answers, cancellationToken), chosen, pairs));
            }
        }
        samples.AddRange(before.Zip(after).Take(SamplesKept).Select(pair => Sample(step, pair.First, pair.Second)));
    }

    private IReadOnlyList<AnsweredDialogue> Answer(
        IReadOnlyList<PinkElephantDialogue> dialogues, LanguageModel who, double beta, int step, CancellationToken cancellationToken)
    {
        var answers = LocalAnswers.Sample(who, prompts, dialogues, options, beta, seed + step, ReferenceEquals(who, model) ? best : null, cancellationToken);
        return [.. dialogues.Zip(answers, _inspector.Inspect)];
    }

    private void Diagnose(OrderedDictionary<string, double> metrics, IReadOnlyList<PinkElephantDialogue> validation, CancellationToken cancellationToken)
    {
        IReadOnlyList<PinkElephantDialogue> some = [.. validation.Where(dialogue => dialogue.Instruction == InstructionKind.Avoid).Take(DiagnosedDialogues)];
        var good = Read(some.Select(dialogue => dialogue.Chosen));
        var bad = Read(some.Select(dialogue => dialogue.Rejected));
        foreach (var (name, value) in IlqlDiagnostics.Measure(good, bad))
        {
            metrics[name] = value;
        }

        IReadOnlyList<DialogueValues> Read(IEnumerable<string> answers) =>
            IlqlProbe.Read(model, prompts.Answered(some, [.. answers]), TokensPerBatch, cancellationToken);
    }

    private static JsonObject Sample(int step, AnsweredDialogue before, AnsweredDialogue after) => new()
    {
        ["step"] = step,
        ["id"] = before.Dialogue.Id,
        ["instruction"] = DialogueRow.InstructionNames[before.Dialogue.Instruction],
        ["avoid"] = before.Dialogue.Avoid,
        ["prefer"] = before.Dialogue.Prefer,
        ["messages"] = DialogueRow.Turns(before.Dialogue.Prompt),
        ["prompt"] = string.Join("\n", before.Dialogue.Prompt.Select(message => message.Content)),
        ["before"] = before.Answer,
        ["text"] = after.Answer,
    };
}
