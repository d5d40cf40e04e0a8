using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Compares two rows of an experiment seed by seed: both start from the same model, with the same data in the same order.</summary>
internal static class SeedPairs
{
    /// <summary>Gets a metric's value for each seed.</summary>
    /// <param name="summary">The experiment's numbers.</param>
    /// <param name="key">A name of <see cref="ExperimentSummary.Metrics"/> without a seed.</param>
    /// <returns>Values by the seed's name.</returns>
    public static IReadOnlyDictionary<string, double> Values(ExperimentSummary summary, string key) => summary.Metrics
        .Where(metric => metric.Key.StartsWith($"{key}#", StringComparison.Ordinal))
        .ToDictionary(metric => metric.Key[(key.Length + 1)..], metric => metric.Value);

    /// <summary>Estimates <c>first − second</c> over the seeds that both have.</summary>
    /// <param name="summary">The experiment's numbers.</param>
    /// <param name="first">A name of <see cref="ExperimentSummary.Metrics"/> without a seed.</param>
    /// <param name="second">Another.</param>
    /// <returns>The mean difference with Student's interval of pairs; null where they share fewer than two seeds.</returns>
    public static Estimate? Difference(ExperimentSummary summary, string first, string second)
    {
        var (one, other) = (Values(summary, first), Values(summary, second));
        double[] differences = [.. one.Where(seed => other.ContainsKey(seed.Key)).Select(seed => seed.Value - other[seed.Key])];
        return differences.Length < 2 ? null : new Estimate(Statistics.Mean(differences), Statistics.StudentT(differences));
    }
}
