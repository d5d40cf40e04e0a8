using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>REINFORCE with the other samples of the prompt as baseline (Ahmadian et al. 2024, https://arxiv.org/abs/2402.14740), in TRL's form: the ratio is of whole
/// samples, and the penalty for leaving the start is part of the reward.</summary>
public static class Rloo
{
    /// <summary>Computes the loss of some samples.</summary>
    /// <param name="logProbs">log π of each sample, summed over its tokens, <c>[samples]</c>; gradients flow back here.</param>
    /// <param name="oldLogProbs">The same of the policy that sampled, <c>[samples]</c>.</param>
    /// <param name="advantages"><c>[samples]</c>.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The sum over samples, and TRL's metrics.</returns>
    public static ObjectiveOutput Loss(Tensor logProbs, Tensor oldLogProbs, Tensor advantages, RlooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ratio = ClippedSurrogate.Ratio(logProbs, oldLogProbs);
        var loss = ClippedSurrogate.Loss(ratio, advantages, options.ClipRange, options.ClipRange);
        var metrics = new ObjectiveMetrics();
        metrics.AddMean("loss", loss);
        metrics.AddMean("clip_ratio/region_mean", ((ratio - 1).abs() > options.ClipRange).to(ScalarType.Float32));
        return new ObjectiveOutput(loss.sum(), metrics);
    }
}
