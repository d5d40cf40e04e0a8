using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Several differences from 0, of which it is asked at once which hold: Holm's procedure at 5%, and for each by itself a 95% interval.</summary>
internal static class JointTest
{
    private const double Rounding = 1e-9;   // as a share of the largest reward: smaller differences are noise of the arithmetic

    /// <summary>Decides.</summary>
    /// <param name="estimates">For each difference its estimates, one per seed, <c>[differences][seeds]</c>. With several seeds the seeds are the sample, and the standard errors are not looked at.</param>
    /// <param name="largest">The size of the largest reward.</param>
    /// <returns>For each difference its estimate, its interval and whether it holds.</returns>
    public static IReadOnlyList<(double Value, Interval Interval, bool Holds)> Decide(IReadOnlyList<IReadOnlyList<FitEstimate>> estimates, double largest)
    {
        var pooled = estimates.Select(Pool).ToList();
        var holds = Holm.Decide([.. pooled.Select(one => Math.Abs(one.Value) <= Rounding * largest ? 1 : Statistics.StudentTPValue(one.Value / one.StandardError, one.Degrees))]);
        return [.. pooled.Select((one, i) =>
        {
            var half = Statistics.StudentTQuantile(0.975, one.Degrees) * one.StandardError;
            return (one.Value, new Interval(one.Value - half, one.Value + half), holds[i]);
        })];
    }

    private static FitEstimate Pool(IReadOnlyList<FitEstimate> seeds) => seeds.Count == 1 ? seeds[0] : new FitEstimate(
        seeds.Average(seed => seed.Value), Statistics.StandardDeviation([.. seeds.Select(seed => seed.Value)]) / Math.Sqrt(seeds.Count), seeds.Count - 1);
}
