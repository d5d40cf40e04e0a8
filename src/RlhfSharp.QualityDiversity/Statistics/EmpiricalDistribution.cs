namespace RlhfSharp.QualityDiversity.Statistics;

/// <summary>The distribution function of a frozen sample: it puts objectives of any scale, also negative ones, between 0 and 1.</summary>
public sealed class EmpiricalDistribution
{
    private readonly double[] _sorted;

    /// <summary>Initializes a distribution.</summary>
    /// <param name="sample">Finite values, at least one; any order. A copy is kept.</param>
    /// <exception cref="ArgumentException">The sample is empty or holds a value that is not finite.</exception>
    public EmpiricalDistribution(IReadOnlyList<double> sample)
    {
        _sorted = [.. sample];
        if (_sorted.Length == 0 || !Check.AreFinite(_sorted))
        {
            throw new ArgumentException("A sample must hold at least one value, and finite ones only.", nameof(sample));
        }
        Array.Sort(_sorted);
    }

    /// <summary>Gets the size of the sample.</summary>
    public int Count => _sorted.Length;

    /// <summary>Computes the share of the sample that lies at or below a value.</summary>
    /// <param name="value">Any number but NaN.</param>
    /// <returns>From 0 to 1, never falling as the value rises.</returns>
    public double ShareAtOrBelow(double value) => (double)CountBelow(value, includesEqual: true) / _sorted.Length;

    /// <summary>Computes the share of the sample that lies below a value, and half of what equals it.</summary>
    /// <param name="value">Any number but NaN.</param>
    /// <returns>From 0 to 1; over the sample itself the mean is 1/2, however many of its values are equal.</returns>
    public double MidShare(double value) => (CountBelow(value, includesEqual: false) + CountBelow(value, includesEqual: true)) / (2.0 * _sorted.Length);

    /// <summary>Computes a QD score that needs no offset: the sum of the elites' shares.</summary>
    /// <param name="objectives">The best objective of every occupied cell.</param>
    /// <returns>From 0 to the number of occupied cells. It never falls when a cell fills or improves.</returns>
    public double QdScore(IEnumerable<double> objectives) => objectives.Sum(ShareAtOrBelow);

    private int CountBelow(double value, bool includesEqual)
    {
        var (first, last) = (0, _sorted.Length);
        while (first < last)
        {
            var middle = (first + last) / 2;
            (first, last) = _sorted[middle] < value || includesEqual && _sorted[middle] == value ? (middle + 1, last) : (first, middle);
        }
        return first;
    }
}
