namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Holm's step-down procedure (1979): of several hypotheses that are all true, one is rejected with at most 5% probability.</summary>
internal static class Holm
{
    private const double Level = 0.05;

    /// <summary>Decides.</summary>
    /// <param name="statistics">The size of each difference in standard errors, from 0.</param>
    /// <param name="quantile">The two-sided critical value for a level.</param>
    /// <returns>Whether each difference holds.</returns>
    public static bool[] Decide(IReadOnlyList<double> statistics, Func<double, double> quantile)
    {
        var holds = new bool[statistics.Count];
        foreach (var (rank, index) in Enumerable.Range(0, statistics.Count).OrderByDescending(index => statistics[index]).Index())
        {
            if (!(statistics[index] > quantile(Level / (statistics.Count - rank))))
            {
                break;   // the smaller ones do not hold either
            }
            holds[index] = true;
        }
        return holds;
    }

    /// <summary>Decides where the differences are known with different degrees of freedom.</summary>
    /// <param name="pValues">How likely each difference, or a larger one, would be without any; from 0 to 1.</param>
    /// <returns>Whether each difference holds.</returns>
    public static bool[] Decide(IReadOnlyList<double> pValues) => Decide([.. pValues.Select(p => 1 - p)], level => 1 - level);
}
