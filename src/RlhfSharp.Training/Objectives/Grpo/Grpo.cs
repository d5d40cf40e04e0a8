using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Group-relative policy optimisation (Shao et al. 2024, https://arxiv.org/abs/2402.03300) in TRL's form: ratios per token, and the penalty for leaving the start is
/// part of the loss.</summary>
public static class Grpo
{
    /// <summary>Computes the loss of some tokens.</summary>
    /// <param name="logProbs">log π of the tokens, <c>[actions]</c>; gradients flow back here.</param>
    /// <param name="oldLogProbs">The same of the policy that sampled, <c>[actions]</c>.</param>
    /// <param name="reference">The same of the model that training started from, <c>[actions]</c>.</param>
    /// <param name="advantages">That of each token's sample, <c>[actions]</c>.</param>
    /// <param name="weights">How much each token counts, <c>[actions]</c>; see <see cref="GrpoLoss"/>.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The weighted sum over tokens, and TRL's metrics.</returns>
    public static ObjectiveOutput Loss(Tensor logProbs, Tensor oldLogProbs, Tensor reference, Tensor advantages, Tensor weights, GrpoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var ratio = ClippedSurrogate.Ratio(logProbs, oldLogProbs);
        var high = options.ClipRangeHigh ?? options.ClipRange;
        var loss = ClippedSurrogate.Loss(ratio, advantages, options.ClipRange, high);
        var difference = reference - logProbs;
        var kl = difference.exp() - difference - 1;
        if (options.KlCoefficient > 0)
        {
            loss += options.KlCoefficient * kl;
        }
        var metrics = new ObjectiveMetrics();
        metrics.AddMean("loss", loss);
        metrics.AddMean("kl", kl);
        metrics.AddMean("clip_ratio/low_mean", ((ratio < 1 - options.ClipRange) & (advantages < 0)).to(ScalarType.Float32));
        metrics.AddMean("clip_ratio/high_mean", ((ratio > 1 + high) & (advantages > 0)).to(ScalarType.Float32));
        return new ObjectiveOutput((loss * weights).sum(), metrics);
    }
}
