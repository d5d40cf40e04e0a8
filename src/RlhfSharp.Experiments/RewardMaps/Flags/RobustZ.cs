namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>How far a reward lies above the middle of its cell, by numbers that a few outliers do not move.</summary>
internal static class RobustZ
{
    /// <summary>Above this a reward stands out (Iglewicz and Hoaglin 1993).</summary>
    public const double Limit = 3.5;

    /// <summary>With fewer values the median of deviations says little, and nothing stands out.</summary>
    public const int FewestValues = 10;

    private const double NormalQuartile = 0.6745;   // of a normal distribution half lies within so many standard deviations

    /// <summary>Computes 0.6745 · (x − median) / MAD, with MAD = the median of |x − median|.</summary>
    /// <param name="values">The rewards of a cell, finite.</param>
    /// <returns>One per value; 0 where there are too few values, or half of them are equal.</returns>
    public static double[] Of(IReadOnlyList<double> values)
    {
        var middle = Median(values);
        var deviation = Median([.. values.Select(value => Math.Abs(value - middle))]);
        return [.. values.Select(value => values.Count < FewestValues || deviation == 0 ? 0 : NormalQuartile * (value - middle) / deviation)];
    }

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
