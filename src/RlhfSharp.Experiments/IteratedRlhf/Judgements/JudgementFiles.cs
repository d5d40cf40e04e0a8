using System.Text.Json.Nodes;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Writes preferences by the written judgement of the built-in world's answers: what its gold reward model learns from.</summary>
/// <remarks><c>train.jsonl</c> is about pairs of things that training data is about, <c>held-out.jsonl</c> about others, which serve to choose settings; pairs for evaluation are in neither.
/// A row has TRL's columns <c>prompt</c>, <c>chosen</c> and <c>rejected</c>, and the two scores.</remarks>
public static class JudgementFiles
{
    /// <summary>The file of the pairs to train on.</summary>
    public const string TrainingFile = "train.jsonl";

    /// <summary>The file of the pairs to measure on.</summary>
    public const string HeldOutFile = "held-out.jsonl";

    /// <summary>Pairs of answers to one dialogue.</summary>
    public const int PairsPerDialogue = 3;

    /// <summary>The most pairs there are of one wording.</summary>
    public const int MostPairs = 62_400;

    private const int HeldOutPairsPerDialogue = 4;
    private const int SamplesPerDialogue = 2;
    private const int MaxNewTokens = 60;
    private const int DialoguesAtATime = 128;

    // Colder than a policy samples, as warm, and as it may become.
    private static readonly double[] Temperatures = [0.7, 1, 1.4];

    /// <summary>Lets a model answer dialogues and judges its answers beside others.</summary>
    /// <param name="directory">The folder to write to; what it has under these names is replaced.</param>
    /// <param name="model">The model that policies start from: a checkpoint, a run or a built-in model.</param>
    /// <param name="pairs">About how many training pairs, from <see cref="PairsPerDialogue"/> up to <see cref="MostPairs"/>; rounded up to whole dialogues, less those that are judged alike.</param>
    /// <param name="seed">Decides wording and draws.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="progress">Told the share that is done; may be null.</param>
    /// <param name="cancellationToken">Asked before each token; nothing is kept of a file that was not finished.</param>
    /// <returns>How many pairs each file has.</returns>
    /// <exception cref="InputException">The model or the folder cannot be used.</exception>
    public static (int Training, int HeldOut) Write(
        string directory, string model, int pairs, long seed, Device device, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, PairsPerDialogue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pairs, MostPairs);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var start = CheckpointPath.Resolve(model);
        using var sampler = Checkpoint.Load(start, ScalarType.Float32, device);
        var prompts = new DialoguePrompts(TokenizerLoader.Load(start), new HumanAssistantFormat());
        var set = DialogueSet.Create(seed);
        var training = DialogueSet.Some(set.Training, (pairs + PairsPerDialogue - 1) / PairsPerDialogue);
        var heldOut = DialogueSet.Some(set.Validation, Math.Max(1, training.Count / 10));
        var (done, total) = (0, (double)(training.Count + heldOut.Count));
        int WriteFile(string name, IReadOnlyList<PinkElephantDialogue> dialogues, int perDialogue)
        {
            var count = 0;
            JsonLines.Write(
                Path.Combine(directory, name),
                dialogues.Chunk(DialoguesAtATime).SelectMany(part =>
                {
                    var rows = Rows(sampler, prompts, part, perDialogue, seed, cancellationToken);
                    progress?.Report((done += part.Length) / total);
                    return rows;
                }),
                () => count++);
            return count;
        }
        return (WriteFile(TrainingFile, training, PairsPerDialogue), WriteFile(HeldOutFile, heldOut, HeldOutPairsPerDialogue));
    }

    private static List<JsonObject> Rows(
        LanguageModel model, DialoguePrompts prompts, IReadOnlyList<PinkElephantDialogue> dialogues, int perDialogue, long seed, CancellationToken cancellationToken)
    {
        var answers = Sample(model, prompts, dialogues, seed, cancellationToken);
        return
        [
            .. dialogues.SelectMany((dialogue, index) =>
                JudgedPairs.Of(dialogue, answers[index], perDialogue, new NamedRandom(seed, $"judgements/{dialogue.Id}")).Select((pair, number) => Row(dialogue, number, pair))),
        ];
    }

    // One temperature after the other, so that each dialogue is answered at different ones.
    private static List<string>[] Sample(
        LanguageModel model, DialoguePrompts prompts, IReadOnlyList<PinkElephantDialogue> dialogues, long seed, CancellationToken cancellationToken)
    {
        int[] ends = prompts.Tokenizer.EosId is { } end ? [end] : [];
        var generator = new TextGenerator(model, ends, prompts.Tokenizer);
        List<string>[] answers = [.. dialogues.Select(_ => new List<string>())];
        foreach (var (place, temperature) in Temperatures.Index())
        {
            var asked = Enumerable.Range(0, dialogues.Count).Where(index => (index + place) % Temperatures.Length < SamplesPerDialogue).ToList();
            var generation = new GenerationOptions { MaxNewTokens = MaxNewTokens, Temperature = temperature, StopStrings = prompts.Format.StopStrings, BatchSize = DialoguesAtATime };
            // Of its own for each dialogue and temperature: which others are asked beside it makes no difference.
            var own = (long)(new NamedRandom(seed, $"judgements/{dialogues[0].Id}", place).NextUInt64() >> 1);
            var samples = asked.Count == 0 ? [] : generator.Generate([.. asked.Select(index => prompts.Prompt(dialogues[index]))], 1, generation, own, cancellationToken: cancellationToken);
            foreach (var (index, sample) in asked.Zip(samples))
            {
                answers[index].Add(sample.Text);
            }
        }
        return answers;
    }

    private static JsonObject Row(PinkElephantDialogue dialogue, int number, JudgedPair pair) => new()
    {
        ["id"] = $"{dialogue.Id}/{number}",
        ["prompt"] = DialogueRow.Turns(dialogue.Prompt),
        ["chosen"] = Answer(pair.Chosen),
        ["rejected"] = Answer(pair.Rejected),
        ["score_chosen"] = Math.Round(pair.ChosenScore, 4),
        ["score_rejected"] = Math.Round(pair.RejectedScore, 4),
    };

    private static JsonArray Answer(string text) => DialogueRow.Turns([new ChatMessage(ChatMessage.Assistant, text)]);
}
