using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Metrics;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Scores any checkpoint on the pink-elephant task: what <c>rlhf eval pink-elephants</c> does.</summary>
public static class CheckpointScoring
{
    /// <summary>Lets a checkpoint answer and scores its answers.</summary>
    /// <param name="model">A checkpoint with a tokenizer, or a run.</param>
    /// <param name="dialogues">What to answer.</param>
    /// <param name="format">How dialogues are written out for it.</param>
    /// <param name="options">Temperature, top-k, length; the strength of steering where the checkpoint has ILQL heads; the judge.</param>
    /// <param name="seed">Decides what is sampled.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="cancellationToken">Asked before each token.</param>
    /// <returns>The scores by name, and the answers in the order of the dialogues.</returns>
    /// <exception cref="RlhfSharp.Models.Runtime.InputException">A checkpoint is missing or cannot be used.</exception>
    public static (IReadOnlyDictionary<string, Estimate> Scores, IReadOnlyList<AnsweredDialogue> Answers) Score(
        string model,
        IReadOnlyList<PinkElephantDialogue> dialogues,
        IChatFormat format,
        PinkElephantEvaluationOptions options,
        long seed,
        Device device,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var reader = AnswerReader.Load(model, format, ScalarType.Float32, device);
        var beta = reader.Model.Head<IlqlHeads>() is null ? 0 : options.Beta;
        var texts = LocalAnswers.Sample(reader.Model, reader.Prompts, dialogues, options, beta, seed, cancellationToken);
        var inspector = new AnswerInspector(dialogues);
        IReadOnlyList<AnsweredDialogue> answers = [.. dialogues.Zip(texts, inspector.Inspect)];
        var scores = new OrderedDictionary<string, Estimate>(AnswerScores.Measure(answers));
        if (options.Judge is { } judgePath)
        {
            using var judge = AnswerReader.Load(judgePath, format, ScalarType.Float32, device);
            scores["judge_perplexity_ratio"] = AnswerLikelihood.Ratio(
                judge.Losses(dialogues, texts, cancellationToken),
                judge.Losses(dialogues, dialogues.Select(dialogue => dialogue.Chosen), cancellationToken),
                [.. dialogues.Select(dialogue => dialogue.Pair)]);
        }
        return (scores, answers);
    }
}
