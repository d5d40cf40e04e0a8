using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Metrics;
using Spectre.Console;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf eval pink-elephants</c>: how often does a model mention what it was told not to mention?</summary>
internal sealed class EvalPinkElephantsCommand : RlhfCommand
{
    private static readonly PinkElephantEvaluationOptions Defaults = new();

    private readonly Option<string> _model = new("--model") { Description = "A checkpoint with a tokenizer, or a run.", Required = true };
    private readonly Option<string> _split = new("--split") { Description = "Which pairs of things: evaluation or validation.", DefaultValueFactory = _ => "evaluation" };
    private readonly Option<int> _dialogues = new("--dialogues") { Description = "How many dialogues; 0 takes all of them." };
    private readonly Option<string> _format = new("--format") { Description = "The chat format.", DefaultValueFactory = _ => "human-assistant" };
    private readonly Option<double> _beta = new("--beta") { Description = "How strongly ILQL heads steer, where the model has them.", DefaultValueFactory = _ => Defaults.Beta };
    private readonly Option<double> _temperature = new("--temperature") { Description = "The temperature.", DefaultValueFactory = _ => Defaults.Temperature };
    private readonly Option<int> _topK = new("--top-k") { Description = "How many of the likeliest tokens are kept; 0 keeps all.", DefaultValueFactory = _ => Defaults.TopK };
    private readonly Option<int> _maxNewTokens = new("--max-new-tokens") { Description = "The largest number of tokens of an answer.", DefaultValueFactory = _ => Defaults.MaxNewTokens };
    private readonly Option<string?> _judge = new("--judge") { Description = "A model trained on good answers; adds its perplexity relative to them." };
    private readonly Option<long> _seed = new("--seed") { Description = "Decides what is sampled." };
    private readonly Option<string?> _out = new("--out") { Description = "A JSONL file for the answers, one line per dialogue." };

    public EvalPinkElephantsCommand()
        : base("pink-elephants", "Score how a model keeps to an instruction not to mention something, and only to that.")
    {
        foreach (var option in new Option[] { _model, _split, _dialogues, _format, _beta, _temperature, _topK, _maxNewTokens, _judge, _seed, _out })
        {
            Add(option);
        }
        _split.AcceptOnlyFromAmong("evaluation", "validation");
        AtLeast(_dialogues, 0);
        AtLeast(_topK, 0);
        AtLeast(_maxNewTokens, 1);
        AtLeast(_beta, 0.0);
        AtLeast(_temperature, 0.0);
    }

    protected override int Run(CommandContext context)
    {
        var device = context.SelectDevice();
        var set = DialogueSet.Create(seed: 0);
        var dialogues = DialogueSet.Some(context.Value(_split) == "validation" ? set.Validation : set.Evaluation, context.Value(_dialogues));
        var options = Defaults with
        {
            Beta = context.Value(_beta),
            Temperature = context.Value(_temperature),
            TopK = context.Value(_topK),
            MaxNewTokens = context.Value(_maxNewTokens),
            Judge = context.Value(_judge),
        };
        context.Error.WriteLine($"{dialogues.Count} dialogues about {dialogues.Select(dialogue => dialogue.Pair).Distinct().Count()} pairs of things ...");
        var (scores, answers) = CheckpointScoring.Score(
            context.Value(_model)!, dialogues, ChatFormats.Get(context.Value(_format)!), options, context.Value(_seed), device, context.CancellationToken);
        if (context.Value(_out) is { } file)
        {
            AtomicFile.WriteAllText(file, string.Concat(answers.Select(answer => $"{Line(answer).ToJsonString()}\n")));
        }
        if (context.Json)
        {
            context.WriteJson(new JsonObject
            {
                ["metrics"] = new JsonObject(scores.Select(score => KeyValuePair.Create(score.Key, (JsonNode?)JsonValue.Create(score.Value.Value)))),
                ["intervals"] = new JsonObject(scores.Where(score => score.Value.Interval is not null)
                    .Select(score => KeyValuePair.Create(score.Key, (JsonNode?)new JsonArray(score.Value.Interval!.Value.Low, score.Value.Interval.Value.High)))),
            });
            return ExitCodes.Done;
        }
        Show(context.Output, scores);
        return ExitCodes.Done;
    }

    private static void Show(TextWriter output, IReadOnlyDictionary<string, Estimate> scores)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table().AddColumn("score").AddColumn(new TableColumn("value").RightAligned()).AddColumn(new TableColumn("95% interval").RightAligned());
        string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
        foreach (var (name, score) in scores)
        {
            table.AddRow(
                Markup.Escape(name), Number(score.Value), score.Interval is { } interval ? Markup.Escape($"[{Number(interval.Low)}, {Number(interval.High)}]") : string.Empty);
        }
        console.Write(table);
    }

    private static JsonObject Line(AnsweredDialogue answer) => new()
    {
        ["id"] = answer.Dialogue.Id,
        ["instruction"] = answer.Dialogue.Instruction.ToString().ToLowerInvariant(),
        ["avoid"] = answer.Dialogue.Avoid,
        ["prefer"] = answer.Dialogue.Prefer,
        ["prompt"] = new JsonArray([.. answer.Dialogue.Prompt.Select(message => (JsonNode)new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]),
        ["answer"] = answer.Answer,
        ["mentions_avoid"] = answer.MentionsAvoid,
        ["mentions_prefer"] = answer.MentionsPrefer,
        ["mentions_other"] = answer.MentionsOther,
        ["well_formed"] = answer.IsWellFormed,
    };

    private static void AtLeast<T>(Option<T> option, T minimum)
        where T : struct, IComparable<T> => option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>().CompareTo(minimum) < 0)
            {
                result.AddError($"{option.Name} must be {minimum} or more.");
            }
        });
}
