using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Runs;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a policy on preferences without a reward model. A row is a pair.</summary>
public sealed class DpoTask : ITrainingTask
{
    private readonly LanguageModel _model;
    private readonly IReadOnlyList<TokenizedPair> _pairs;
    private readonly PairLogProbs _reference;
    private readonly DpoOptions _options;

    /// <summary>Initializes the task. The reference is the model as it is now: what it finds the answers' probabilities to be is computed here, once.</summary>
    /// <param name="model">The policy, as it starts.</param>
    /// <param name="pairs">The preferences.</param>
    /// <param name="options">Settings.</param>
    /// <param name="store">Where the reference's probabilities are kept, and taken from if they are there; by default nowhere. They count as compute all the same.</param>
    /// <param name="cancellationToken">Stops that computation.</param>
    public DpoTask(LanguageModel model, IReadOnlyList<TokenizedPair> pairs, DpoOptions options, ContentStore? store = null, CancellationToken cancellationToken = default)
        : this(model, pairs, PairLogProbs.Read(model, pairs, cancellationToken, store), options) => OtherCompute = RowLengths.Sum(length => (long)length);

    /// <summary>Initializes the task with a reference that is known.</summary>
    /// <param name="model">The policy.</param>
    /// <param name="pairs">The preferences.</param>
    /// <param name="reference">The reference model's log-probabilities of the pairs.</param>
    /// <param name="options">Settings.</param>
    public DpoTask(LanguageModel model, IReadOnlyList<TokenizedPair> pairs, PairLogProbs reference, DpoOptions options)
    {
        (_model, _pairs, _reference, _options) = (model, pairs, reference, options);
        RowLengths = [.. pairs.Select(pair => BranchedBatch.Length(model.Config, pair.Sides))];
    }

    /// <inheritdoc/>
    public TransformerModel Model => _model;

    /// <inheritdoc/>
    /// <remarks>What both sides of a pair begin with counts once, where it is computed once.</remarks>
    public IReadOnlyList<int> RowLengths { get; }

    /// <inheritdoc/>
    /// <remarks>That of the reference, where it was computed here.</remarks>
    public double OtherCompute { get; }

    /// <inheritdoc/>
    public double LossWeight(int row) => 1;

    /// <inheritdoc/>
    public string Describe(int row) => _pairs[row].Chosen.Source.ToString();

    /// <inheritdoc/>
    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        var sums = AnswerLogProbs.Sums(_model, [.. rows.Select(row => _pairs[row])]);
        Tensor OfRows(Func<int, float> value) => tensor(rows.Select(value).ToArray(), device: device);
        return Dpo.Loss(
            sums[0],
            sums[1],
            OfRows(row => _reference.Chosen[row]),
            OfRows(row => _reference.Rejected[row]),
            OfRows(row => _pairs[row].Chosen.AnswerLength),
            OfRows(row => _pairs[row].Rejected.AnswerLength),
            _options);
    }
}
