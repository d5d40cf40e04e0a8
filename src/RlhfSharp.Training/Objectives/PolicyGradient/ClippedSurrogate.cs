using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>The clipped surrogate of PPO (Schulman et al. 2017, https://arxiv.org/abs/1707.06347, equation 7), as a loss.</summary>
public static class ClippedSurrogate
{
    // exp of more than this is of no use, and can overflow.
    private const double LargestLogRatio = 20;

    /// <summary>Computes ρ = π/π_old from log-probabilities.</summary>
    /// <param name="logProbs">log π.</param>
    /// <param name="oldLogProbs">log π_old of the policy that sampled, same shape.</param>
    /// <returns>ρ, same shape.</returns>
    public static Tensor Ratio(Tensor logProbs, Tensor oldLogProbs) => (logProbs - oldLogProbs).clamp(-LargestLogRatio, LargestLogRatio).exp();

    /// <summary>Computes the loss of each unit.</summary>
    /// <param name="ratio">ρ, per token or per sample.</param>
    /// <param name="advantages">Same shape.</param>
    /// <param name="clipBelow">ρ counts from 1 minus this on.</param>
    /// <param name="clipAbove">ρ counts up to 1 plus this.</param>
    /// <returns>max(−A·ρ, −A·clip(ρ)), same shape.</returns>
    public static Tensor Loss(Tensor ratio, Tensor advantages, double clipBelow, double clipAbove) =>
        maximum(-advantages * ratio, -advantages * ratio.clamp(1 - clipBelow, 1 + clipAbove));
}
