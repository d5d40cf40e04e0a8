namespace RlhfSharp.Training.Objectives;

/// <summary>Which samples of a Grow step an Improve step learns from.</summary>
public static class RestFilter
{
    /// <summary>Keeps samples to imitate.</summary>
    /// <param name="groups">The rewards of each prompt's samples.</param>
    /// <param name="selection">What the threshold is measured in.</param>
    /// <param name="threshold">From 0 to 1.</param>
    /// <returns>For each sample whether it is kept. The worst reward of the round never is, unless the threshold is global and 0: a prompt whose samples are all as bad as
    /// can be has nothing to teach.</returns>
    public static bool[][] Keep(IReadOnlyList<double[]> groups, RestSelection selection, double threshold)
    {
        var (least, most) = (groups.Min(group => group.Min()), groups.Max(group => group.Max()));
        return [.. groups.Select(group =>
        {
            var kept = selection switch
            {
                RestSelection.Global => Array.ConvertAll(group, reward => threshold == 0 || (most > least && (reward - least) / (most - least) > threshold)),
                RestSelection.Percentile => Above(group, Quantile(group, threshold)),
                RestSelection.Gamma => Above(group, threshold * group.Max() + (1 - threshold) * group.Average()),
                _ => First(group),
            };
            return selection == RestSelection.Global ? kept : [.. kept.Zip(group, (isKept, reward) => isKept && reward > least)];
        })];
    }

    /// <summary>Keeps the best and the worst sample of each prompt as a pair.</summary>
    /// <param name="groups">The rewards of each prompt's samples.</param>
    /// <param name="threshold">From 0 to 1, in units of the round's largest gap.</param>
    /// <returns>Per prompt the two places, the first of equals; null where the gap is not above the threshold, and where there is none.</returns>
    public static (int Best, int Worst)?[] Pairs(IReadOnlyList<double[]> groups, double threshold)
    {
        var largest = groups.Max(group => group.Max() - group.Min());
        return [.. groups.Select(group =>
        {
            var (best, worst) = (Array.IndexOf(group, group.Max()), Array.IndexOf(group, group.Min()));
            var gap = group[best] - group[worst];
            return gap > 0 && (gap > threshold * largest || gap == largest) ? (best, worst) : ((int, int)?)null;
        })];
    }

    private static bool[] Above(double[] group, double threshold) => Array.ConvertAll(group, reward => reward >= threshold);

    private static bool[] First(double[] group)
    {
        var best = Array.IndexOf(group, group.Max());
        return [.. group.Select((_, i) => i == best)];
    }

    // Between the two neighbours, as NumPy does it.
    private static double Quantile(double[] group, double share)
    {
        var sorted = group.Order().ToArray();
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
