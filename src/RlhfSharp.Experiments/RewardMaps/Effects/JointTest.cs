using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Several differences from 0, of which it is asked at once which hold: Holm's procedure at 5%, and for each by itself a 95% interval.</summary>
internal static class JointTest
{
    private const double Rounding = 1e-9;   // as a share of the largest reward: smaller differences are noise of the arithmetic

    /// <summary>Decides.</summary>
    /// <param name="estimates">For each difference its estimates, one per seed, <c>[differences][seeds]</c>. With several seeds the seeds are the sample, and the standard errors are not looked at.</param>
    /// <param name="clusters">How many independent lines a single seed's standard errors come from, at least 2.</param>
    /// <param name="largest">The size of the largest reward.</param>
    /// <returns>For each difference its estimate, its interval and whether it holds.</returns>
    public static IReadOnlyList<(double Value, Interval Interval, bool Holds)> Decide(
        IReadOnlyList<IReadOnlyList<(double Value, double StandardError)>> estimates, int clusters, double largest)
    {
        if (estimates.Count == 0)
        {
            return [];
        }
        var seeds = estimates[0].Count;
        var degrees = seeds > 1 ? seeds - 1 : clusters - 1;
        var values = estimates.Select(one => one.Average(seed => seed.Value)).ToList();
        var errors = estimates.Select(one => seeds > 1
            ? Statistics.StandardDeviation([.. one.Select(seed => seed.Value)]) / Math.Sqrt(seeds)
            : one[0].StandardError).ToList();
        double Critical(double level) => Statistics.StudentTQuantile(1 - level / 2, degrees);
        var holds = Holm.Decide([.. values.Zip(errors, (value, error) => Math.Abs(value) <= Rounding * largest ? 0 : Math.Abs(value) / error)], Critical);
        var width = Critical(0.05);
        return [.. values.Select((value, i) => (value, new Interval(value - width * errors[i], value + width * errors[i]), holds[i]))];
    }
}
