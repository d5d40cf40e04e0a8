using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Proximal policy optimisation with a value function (Schulman et al. 2017, https://arxiv.org/abs/1707.06347), for language models as Ziegler et al.
/// 2019 (https://arxiv.org/abs/1909.08593) do it.</summary>
/// <remarks>The formulas are those of TRL and trlX (trlx/models/modeling_ppo.py), over real tokens only. trlX whitens advantages over padding too; that is a defect, not followed here.</remarks>
public static class Ppo
{
    /// <summary>Computes the loss of some actions.</summary>
    /// <param name="logProbs">log π of the actions, <c>[actions]</c>; gradients flow back here.</param>
    /// <param name="values">V of the states they leave, <c>[actions]</c>; gradients flow back here.</param>
    /// <param name="old">What was known of them when they were sampled.</param>
    /// <param name="options">Settings.</param>
    /// <returns>The sum over actions of max(−A·ρ, −A·clip(ρ)) + vf·½·max((V − R)², (clip(V) − R)²), and TRL's metrics.</returns>
    public static ObjectiveOutput Loss(Tensor logProbs, Tensor values, SampledActions old, PpoOptions options)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(options);
        var ratio = ClippedSurrogate.Ratio(logProbs, old.LogProbs);
        var policy = ClippedSurrogate.Loss(ratio, old.Advantages, options.ClipRange, options.ClipRange);
        var clipped = maximum(minimum(values, old.Values + options.ClipRangeValue), old.Values - options.ClipRangeValue);
        var (error, clippedError) = ((values - old.Returns).square(), (clipped - old.Returns).square());
        var value = 0.5 * maximum(error, clippedError);
        var metrics = new ObjectiveMetrics();
        metrics.AddMean("loss", policy + options.VfCoefficient * value);
        metrics.AddMean("loss/policy_avg", policy);
        metrics.AddMean("loss/value_avg", value);
        metrics.AddMean("policy/approxkl_avg", 0.5 * (logProbs - old.LogProbs).square());
        metrics.AddMean("policy/clipfrac_avg", (policy > -old.Advantages * ratio).to(ScalarType.Float32));
        metrics.AddMean("val/clipfrac_avg", (clippedError > error).to(ScalarType.Float32));
        metrics.AddMean("val/ratio", ratio);
        metrics.AddMean("values", values);
        return new ObjectiveOutput((policy + options.VfCoefficient * value).sum(), metrics);
    }
}
