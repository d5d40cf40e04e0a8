using RlhfSharp.Models;
using RlhfSharp.Training.Loop;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a classifier with one label to score the preferred answer higher. A row is a pair.</summary>
/// <param name="model">The reward model.</param>
/// <param name="pairs">The preferences.</param>
/// <param name="options">Settings.</param>
public sealed class RewardModelTask(SequenceClassifier model, IReadOnlyList<RewardPair> pairs, RewardModelOptions options) : ITrainingTask
{
    /// <inheritdoc/>
    public TransformerModel Model => model;

    /// <inheritdoc/>
    public IReadOnlyList<int> RowLengths { get; } = [.. pairs.Select(pair => pair.Chosen.Count + pair.Rejected.Count)];

    /// <inheritdoc/>
    public double LossWeight(int row) => 1;

    /// <inheritdoc/>
    public string Describe(int row) => pairs[row].Source.ToString();

    /// <inheritdoc/>
    public ObjectiveOutput Forward(IReadOnlyList<int> rows, Device device)
    {
        var (chosen, rejected) = Scores(model, [.. rows.Select(row => pairs[row])]);
        return BradleyTerry.Loss(chosen, rejected, margins: null, options.CenterRewardsCoefficient);
    }

    /// <summary>Scores both sides of pairs.</summary>
    /// <param name="model">The reward model.</param>
    /// <param name="pairs">The pairs.</param>
    /// <returns>Scores of the chosen and of the rejected side, <c>[pairs]</c> each, in F32.</returns>
    public static (Tensor Chosen, Tensor Rejected) Scores(SequenceClassifier model, IReadOnlyList<RewardPair> pairs)
    {
        var scores = model.Scores([.. pairs.Select(pair => pair.Chosen), .. pairs.Select(pair => pair.Rejected)]).squeeze(1).to(ScalarType.Float32);
        return (scores.narrow(0, 0, pairs.Count), scores.narrow(0, pairs.Count, pairs.Count));
    }
}
