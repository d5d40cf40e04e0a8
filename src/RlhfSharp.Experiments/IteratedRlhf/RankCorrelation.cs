namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>How far two scores agree in which answers they put before which.</summary>
internal static class RankCorrelation
{
    /// <summary>Computes Spearman's ρ: Pearson's correlation of the ranks, equal values sharing their mean rank.</summary>
    /// <returns>From −1 to 1; 0 where one of them does not vary.</returns>
    public static double Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var (x, y) = (Ranks(first), Ranks(second));
        var (meanX, meanY) = (x.Average(), y.Average());
        var covariance = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        var scale = Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
        return scale > 0 ? covariance / scale : 0;
    }

    /// <summary>Ranks values from 1 up; equal values share their mean rank.</summary>
    public static double[] Ranks(IReadOnlyList<double> values)
    {
        var ranks = new double[values.Count];
        var first = 1;
        foreach (var group in values.Index().GroupBy(item => item.Item).OrderBy(group => group.Key))
        {
            var count = group.Count();
            foreach (var (index, _) in group)
            {
                ranks[index] = first + (count - 1) / 2.0;
            }
            first += count;
        }
        return ranks;
    }
}
