namespace RlhfSharp.QualityDiversity.Statistics;

/// <summary>What the best of k draws is worth. Cells with different numbers of evaluations can be compared at equal k; their maxima cannot, for
/// they grow with that number.</summary>
public static class BestOfK
{
    /// <summary>Estimates the expected maximum of k draws without bias: the mean over all subsets of size k of the sample.</summary>
    /// <param name="sample">Finite values; any order.</param>
    /// <param name="k">From 1 to the size of the sample.</param>
    /// <returns>Σ from i = k to n of C(i − 1, k − 1) / C(n, k) · x(i), with x sorted ascending. The mean for k = 1, the maximum for k = n.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The sample is smaller than k.</exception>
    public static double Expected(IReadOnlyList<double> sample, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, sample.Count);
        double[] sorted = [.. sample];
        Array.Sort(sorted);
        var n = sorted.Length;
        // The weight of the maximum is k / n; from there each is a ratio of the one above, which neither overflows nor needs factorials.
        var (weight, sum) = ((double)k / n, 0.0);
        for (var i = n; i >= k; i--)
        {
            sum += weight * sorted[i - 1];
            weight *= i > k ? (double)(i - k) / (i - 1) : 0;
        }
        return sum;
    }

    /// <summary>Bounds how much of what a source makes exceeds the maximum seen.</summary>
    /// <param name="draws">How many independent draws were seen, from 1.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <returns>q = 1 − (1 − confidence)^(1/draws): with that confidence at most a share q of the source's mass lies above the maximum seen.</returns>
    public static double MassAboveMaximum(int draws, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        return 1 - Math.Pow(1 - confidence, 1.0 / draws);
    }
}
