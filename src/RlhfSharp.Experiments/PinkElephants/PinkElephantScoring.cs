using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Metrics;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Scores any checkpoint or endpoint on the pink-elephant task: what <c>rlhf eval pink-elephants</c> does.</summary>
/// <param name="dialogues">What to answer.</param>
/// <param name="format">How dialogues are written out for local models.</param>
/// <param name="judge">A model trained on good answers, whose perplexity is added relative to them: a checkpoint or a run. Null leaves it out.</param>
/// <param name="device">Where to compute.</param>
public sealed class PinkElephantScoring(IReadOnlyList<PinkElephantDialogue> dialogues, IChatFormat format, string? judge, Device device)
{
    /// <summary>Scores a local model.</summary>
    /// <param name="model">A checkpoint with a tokenizer, or a run.</param>
    /// <param name="options">Temperature, top-k, length; the strength of steering where the checkpoint has ILQL heads.</param>
    /// <param name="seed">Decides what is sampled.</param>
    /// <param name="cancellationToken">Asked before each token.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="RlhfSharp.Models.Runtime.InputException">A checkpoint is missing or cannot be used.</exception>
    public PinkElephantScores Score(string model, PinkElephantEvaluationOptions options, long seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var reader = AnswerReader.Load(model, format, ScalarType.Float32, device);
        var beta = reader.Model.Head<IlqlHeads>() is null ? 0 : options.Beta;
        return Score(LocalAnswers.Sample(reader.Model, reader.Prompts, dialogues, options, beta, seed, best: null, cancellationToken), cancellationToken);
    }

    /// <summary>Scores a language model behind an endpoint.</summary>
    /// <param name="client">The model, with its temperature and length.</param>
    /// <param name="seed">A seed whose answers the transcript holds is not asked about again.</param>
    /// <param name="observer">Watches; may be null.</param>
    /// <param name="cancellationToken">Stops; answers that are there are kept in the transcript.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="EndpointException">The endpoint refuses, or fails again and again.</exception>
    public async Task<PinkElephantScores> ScoreAsync(EndpointClient client, long seed, IEndpointObserver? observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Score(await EndpointAnswers.AskAsync(client, dialogues, seed, observer, cancellationToken).ConfigureAwait(false), cancellationToken);
    }

    private PinkElephantScores Score(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var inspector = new AnswerInspector(dialogues);
        IReadOnlyList<AnsweredDialogue> answers = [.. dialogues.Zip(texts, inspector.Inspect)];
        var scores = new OrderedDictionary<string, Estimate>(AnswerScores.Measure(answers));
        if (judge is not null)
        {
            using var reader = AnswerReader.Load(judge, format, ScalarType.Float32, device);
            scores["judge_perplexity_ratio"] = AnswerLikelihood.Ratio(
                reader.Losses(answers, cancellationToken),
                reader.ChosenLosses(dialogues, cancellationToken),
                [.. dialogues.Select(dialogue => dialogue.Pair)]);
        }
        return new PinkElephantScores(scores, answers);
    }
}
