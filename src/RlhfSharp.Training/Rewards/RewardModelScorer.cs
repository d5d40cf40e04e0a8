using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Rewards;

/// <summary>Scores answers by a reward model on this machine, rows of like length together.</summary>
public sealed class RewardModelScorer : IScorer
{
    private const int TokensPerBatch = 8192;

    private readonly SequenceClassifier _model;
    private readonly int _label;

    /// <summary>Initializes a scorer.</summary>
    /// <param name="model">The reward model; the scorer takes ownership.</param>
    /// <param name="format">What it reads.</param>
    /// <param name="label">Which of its scores counts, from 0.</param>
    /// <exception cref="InputException">The model has no such label.</exception>
    public RewardModelScorer(SequenceClassifier model, RewardFormat format, int label = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        (_model, Format, _label) = (model, format, label);
        if (label < 0 || label >= model.LabelCount)
        {
            throw new InputException($"The reward model has the labels 0 to {model.LabelCount - 1}, not {label}.");
        }
    }

    /// <summary>Gets what the model reads.</summary>
    public RewardFormat Format { get; }

    /// <summary>Gets a value indicating whether scores that are no numbers are given as they are instead of ending the work.</summary>
    public bool AllowsNonFinite { get; init; }

    /// <inheritdoc/>
    public long ParameterCount => _model.ParameterCount;

    /// <summary>Gets how many of the answers scored so far were longer than the model's context and scored without a part.</summary>
    public int CutCount { get; private set; }

    /// <summary>Loads a reward model with its tokenizer.</summary>
    /// <param name="directory">The checkpoint.</param>
    /// <param name="format">One of <see cref="RewardFormat.Names"/>; null for the model's own.</param>
    /// <param name="label">Which score counts; null where the model has one.</param>
    /// <param name="type">The element type to compute in.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="allowsNonFinite">Whether scores that are no numbers are given as they are, for those who count them, instead of ending the work.</param>
    /// <returns>The scorer.</returns>
    /// <exception cref="InputException">The checkpoint cannot be used, or it has several labels and none is chosen.</exception>
    public static RewardModelScorer Load(string directory, string? format, int? label, ScalarType type, Device device, bool allowsNonFinite = false)
    {
        var tokenizer = TokenizerLoader.Load(directory);
        var model = Checkpoint.LoadClassifier(directory, type, device);
        try
        {
            tokenizer.RequireFits(model.Config.VocabularySize, directory);
            if (label is null && model.LabelCount > 1)
            {
                throw new InputException($"'{directory}' gives {model.LabelCount} scores. Choose one of the labels 0 to {model.LabelCount - 1}.");
            }
            return new RewardModelScorer(model, RewardFormat.Choose(model.Config, tokenizer, format), label ?? 0) { AllowsNonFinite = allowsNonFinite };
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool ReadsWhole(ScoreRequest request) => !Format.Encode(request).IsCut;

    /// <inheritdoc/>
    public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(requests);
        // A thread of its own: TorchSharp's scopes belong to a thread and must not cross an await.
        return Task.Factory.StartNew(
            () => Score(requests, progress, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private IReadOnlyList<double> Score(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var encoded = requests.Select(Format.Encode).ToList();
        CutCount += encoded.Count(row => row.IsCut);
        var scores = new double[requests.Count];
        var done = 0L;
        var tokens = encoded.Sum(row => (long)row.Ids.Count);
        foreach (var batch in TokenBudget.Cut(encoded.ConvertAll(row => row.Ids.Count), TokensPerBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            var values = _model.Scores([.. batch.Select(row => encoded[row].Ids)]).select(1, _label).to(ScalarType.Float32).cpu().data<float>();
            foreach (var (row, value) in batch.Zip(values))
            {
                scores[row] = AllowsNonFinite || float.IsFinite(value) ? value : throw new InputException($"The reward model gives '{requests[row].Id}' the score {value}, which is no number.");
            }
            done += batch.Sum(row => (long)encoded[row].Ids.Count);
            progress?.Report((double)done / tokens);
        }
        return scores;
    }
}
