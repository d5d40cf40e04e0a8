using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The mean of a group of texts, with what is known of its spread.</summary>
/// <param name="Count">How many texts.</param>
/// <param name="Clusters">How many are independent: the effective number of lines of descent, or the number of seeds.</param>
/// <param name="Mean">Null where there is no text.</param>
/// <param name="StandardError">Null where fewer than two texts are independent.</param>
internal readonly record struct GroupEstimate(int Count, double Clusters, double? Mean, double? StandardError)
{
    private const double Rounding = 1e-9;
    private const double Fewest = 2 - Rounding;   // below, hardly more than one cluster has a say, and nothing is known of the spread

    /// <summary>Gets Student's 95% interval, with one degree of freedom less than there are independent texts.</summary>
    public Interval? Interval => Clusters >= Fewest && (Mean, StandardError) is ({ } mean, { } error) && Statistics.StudentTQuantile(0.975, Clusters - 1) * error is var half
        ? new Interval(mean - half, mean + half)
        : null;

    /// <summary>Gets how likely such a mean would be if the truth were 0; null where its spread is not known.</summary>
    public double? PValue => Clusters >= Fewest && (Mean, StandardError) is ({ } mean, { } error)
        ? Math.Abs(mean) <= Rounding ? 1 : Statistics.StudentTPValue(mean / error, Clusters - 1)
        : null;

    /// <summary>Takes seeds together: they are the sample then.</summary>
    /// <param name="seeds">The group in each seed.</param>
    /// <returns>The only one as it is; no mean where a seed has no text.</returns>
    public static GroupEstimate Over(IReadOnlyList<GroupEstimate> seeds)
    {
        var count = seeds.Sum(seed => seed.Count);
        if (seeds.Count == 1)
        {
            return seeds[0];
        }
        double[] means = [.. seeds.Select(seed => seed.Mean).OfType<double>()];
        return means.Length < seeds.Count
            ? new GroupEstimate(count, 0, null, null)
            : new GroupEstimate(count, seeds.Count, means.Average(), Statistics.StandardDeviation(means) / Math.Sqrt(means.Length));
    }
}
