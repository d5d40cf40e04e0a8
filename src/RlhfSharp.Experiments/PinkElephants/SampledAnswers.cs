using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Answers of the model that an experiment starts from, drawn once for all its runs: <c>answers.jsonl</c> in the experiment's folder.</summary>
internal static class SampledAnswers
{
    private const string FileName = "answers.jsonl";
    private const int DialoguesAtATime = 128;

    /// <summary>Draws the answers that an experiment's runs learn from, if there are such runs and the file is not there yet.</summary>
    /// <param name="recipes">The recipes of its rows.</param>
    /// <param name="directory">The experiment's folder.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="say">Takes lines about the progress.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Asked before each token; nothing is kept of what was drawn until then.</param>
    /// <exception cref="InputException">Rows learn from the answers of different models or to different dialogues.</exception>
    public static void Ensure(
        IReadOnlyList<TrainingRecipe> recipes, string directory, Device device, Action<string> say, TimeProvider time, CancellationToken cancellationToken)
    {
        var wanted = recipes.Where(recipe => recipe.Data is PinkElephantDataOptions { Answers: AnswerSource.Sampled }).ToList();
        if (wanted.Count == 0 || File.Exists(Path.Combine(directory, FileName)))
        {
            return;
        }
        var options = Common(wanted);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var start = CheckpointPath.Resolve(wanted[0].Model.Path!);
        using var model = Checkpoint.Load(start, wanted[0].Model.Type.Resolve(device), device);
        var prompts = new DialoguePrompts(TokenizerLoader.Load(start), ChatFormats.Get(options.Format));
        var dialogues = DialogueSet.Some(PinkElephantData.Set(options).Training, options.Dialogues);
        say(string.Create(CultureInfo.InvariantCulture, $"The start answers {dialogues.Count:#,0} dialogues, {options.SamplesPerDialogue} times each."));
        JsonLines.Write(Path.Combine(directory, FileName), Draw(model, prompts, dialogues, options, say, time, cancellationToken));
    }

    /// <summary>Reads the answers to some dialogues and calls them good or bad.</summary>
    /// <param name="directory">The experiment's folder.</param>
    /// <param name="dialogues">Dialogues that were answered.</param>
    /// <param name="samples">How many answers of each are taken.</param>
    /// <exception cref="InputException">The file is not there, or is not about these dialogues.</exception>
    public static IReadOnlyList<LabelledAnswer> Read(string directory, IReadOnlyList<PinkElephantDialogue> dialogues, int samples)
    {
        var path = Path.Combine(directory, FileName);
        var answers = File.Exists(path)
            ? MetricLog.Read(directory, FileName).ToDictionary(line => (string)line["id"]!, line => line["answers"]!.AsArray(), StringComparer.Ordinal)
            : throw new InputException($"'{path}' is missing, though the run has begun: start it anew by --overwrite.");
        var inspector = new AnswerInspector(dialogues);
        var labelled = new List<LabelledAnswer>();
        foreach (var (index, dialogue) in dialogues.Index())
        {
            if (!answers.TryGetValue(dialogue.Id, out var texts) || texts.Count < samples)
            {
                throw new InputException($"'{path}' has no {samples} answers to the dialogue '{dialogue.Id}': it belongs to another experiment.");
            }
            // What says nothing can be neither imitated nor avoided.
            labelled.AddRange(texts.Take(samples).Select(text => ((string)text!).Trim()).Index().Where(text => text.Item.Length > 0).Select(text => new LabelledAnswer(
                dialogue, index, $"sample-{text.Index}", text.Item, inspector.Inspect(dialogue, text.Item).Obeys)));
        }
        return labelled;
    }

    private static IEnumerable<JsonObject> Draw(
        LanguageModel model,
        DialoguePrompts prompts,
        IReadOnlyList<PinkElephantDialogue> dialogues,
        PinkElephantDataOptions options,
        Action<string> say,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        int[] ends = prompts.Tokenizer.EosId is { } end ? [end] : [];
        var generator = new TextGenerator(model, ends, prompts.Tokenizer);
        var generation = new GenerationOptions { MaxNewTokens = options.AnswerTokens, StopStrings = prompts.Format.StopStrings, BatchSize = DialoguesAtATime };
        var progress = new SpokenProgress(say, "dialogues answered", dialogues.Count, time);
        var first = 0;
        foreach (var part in dialogues.Chunk(DialoguesAtATime))
        {
            // By the data's seed: all seeds of a run learn from the same answers, as they do where the answers were written.
            var samples = generator.Generate(
                [.. part.Select(prompts.Prompt)], options.SamplesPerDialogue, generation, options.DialogueSeed, firstPrompt: first, cancellationToken: cancellationToken);
            foreach (var (dialogue, texts) in part.Zip(samples.Chunk(options.SamplesPerDialogue)))
            {
                yield return new JsonObject { ["id"] = dialogue.Id, ["answers"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text.Text))]) };
            }
            progress.Report(first += part.Length);
        }
    }

    // One file serves all rows; those that ask for less take a part of it.
    private static PinkElephantDataOptions Common(List<TrainingRecipe> recipes)
    {
        var options = recipes.ConvertAll(recipe => (PinkElephantDataOptions)recipe.Data);
        (string?, ComputeType, string?, long, string, int) Source(TrainingRecipe recipe, PinkElephantDataOptions data) =>
            (recipe.Model.Path, recipe.Model.Type, data.Folder, data.DialogueSeed, data.Format, data.AnswerTokens);
        if (recipes.Zip(options, Source).Distinct().Count() > 1)
        {
            throw new InputException("data.answers: sampled: all rows of an experiment learn from the same answers, so model.path, model.type, data.folder, data.dialogueSeed, data.format and data.answerTokens must be the same in all of them.");
        }
        return options[0] with
        {
            Dialogues = options.Exists(data => data.Dialogues == 0) ? 0 : options.Max(data => data.Dialogues),
            SamplesPerDialogue = options.Max(data => data.SamplesPerDialogue),
        };
    }
}
