namespace RlhfSharp.Training.Objectives;

/// <summary>Moves a penalty's weight so that the divergence comes to a target (Ziegler et al. 2019, https://arxiv.org/abs/1909.08593, section 2.2).</summary>
public static class AdaptiveKl
{
    private const double LargestError = 0.2;

    /// <summary>Computes the next weight.</summary>
    /// <param name="coefficient">The weight so far.</param>
    /// <param name="current">The divergence of the last samples, summed over a sample's tokens, in nats.</param>
    /// <param name="target">What it shall be.</param>
    /// <param name="samples">How many samples there were.</param>
    /// <param name="horizon">Over how many samples the weight changes by a factor of about 1 + error.</param>
    /// <returns>coefficient · (1 + clip(current/target − 1, ±0.2) · samples/horizon).</returns>
    public static double Next(double coefficient, double current, double target, int samples, double horizon) =>
        coefficient * (1 + Math.Clamp(current / target - 1, -LargestError, LargestError) * samples / horizon);
}
