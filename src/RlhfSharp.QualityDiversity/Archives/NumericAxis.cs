using System.Globalization;

namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>An axis of numbers: bins of equal width, between given ticks, or with equal shares of a sample.</summary>
public sealed class NumericAxis : ArchiveAxis
{
    private const double Epsilon = 1e-6;   // pyribs': a value that should lie on a border but is rounded below it counts as on it

    private readonly double[] _edges;   // [bins + 1], ascending
    private readonly bool _isUniform;

    private NumericAxis(string name, double[] edges, bool isUniform)
        : base(name, edges.Length - 1)
    {
        (_edges, _isUniform) = (edges, isUniform);
        Labels = [.. Enumerable.Range(0, Bins).Select(bin => Label(edges[bin], edges[bin + 1]))];
    }

    /// <summary>Gets the ends of the bins, <c>[bins + 1]</c>, ascending; the first and the last are infinite where the outer bins are open.</summary>
    public IReadOnlyList<double> Edges => _edges;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels { get; }

    /// <summary>Makes bins of equal width.</summary>
    /// <param name="name">The measure's name.</param>
    /// <param name="low">Lower end of the first bin.</param>
    /// <param name="high">Upper end of the last bin; above <paramref name="low"/>.</param>
    /// <param name="bins">How many, from 1.</param>
    /// <returns>The axis. A border belongs to the bin above it.</returns>
    /// <exception cref="ArgumentException">An end is not finite, or they are not in order.</exception>
    public static NumericAxis Uniform(string name, double low, double high, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Check.Finite(high), Check.Finite(low));
        return new NumericAxis(name, [.. Enumerable.Range(0, bins).Select(bin => low + bin * (high - low) / bins), high], isUniform: true);
    }

    /// <summary>Makes a bin between each two ticks, and one beyond each end.</summary>
    /// <param name="name">The measure's name.</param>
    /// <param name="ticks">The inner borders, finite and strictly ascending; n of them make n + 1 bins.</param>
    /// <returns>The axis. A border belongs to the bin above it.</returns>
    /// <exception cref="ArgumentException">A tick is not finite or not above the one before it.</exception>
    public static NumericAxis Ticks(string name, params IReadOnlyList<double> ticks)
    {
        foreach (var (index, tick) in ticks.Index())
        {
            if (!double.IsFinite(tick) || (index > 0 && tick <= ticks[index - 1]))
            {
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"Ticks of the axis '{name}' must be finite and ascending, but the one at index {index} is {tick}."),
                    nameof(ticks));
            }
        }
        return new NumericAxis(name, [double.NegativeInfinity, .. ticks, double.PositiveInfinity], isUniform: false);
    }

    /// <summary>Makes bins that hold equal shares of a sample.</summary>
    /// <param name="name">The measure's name.</param>
    /// <param name="sample">Finite values, at least one; any order.</param>
    /// <param name="bins">How many at most, from 1. Where many values are equal, borders coincide and there are fewer.</param>
    /// <returns>The axis; its ticks are quantiles with linear interpolation (Hyndman and Fan's type 7).</returns>
    /// <exception cref="ArgumentException">The sample is empty or holds a value that is not finite.</exception>
    public static NumericAxis Quantiles(string name, IReadOnlyList<double> sample, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        double[] sorted = [.. sample];
        if (sorted.Length == 0 || !Check.AreFinite(sorted))
        {
            throw new ArgumentException($"The sample of the axis '{name}' must hold at least one value, and finite ones only.", nameof(sample));
        }
        Array.Sort(sorted);
        var ticks = Enumerable.Range(1, bins - 1).Select(border => Quantile(sorted, (double)border / bins)).Distinct();
        return Ticks(name, [.. ticks.Where(tick => tick > sorted[0])]);   // below the smallest value there is nothing to hold
    }

    /// <inheritdoc/>
    public override int BinOf(double value)
    {
        if (_isUniform)
        {
            var (low, high) = (_edges[0], _edges[^1]);
            var bin = (Bins * (value - low) + Epsilon) / (high - low);
            return (int)Math.Clamp(bin, 0, Bins - 1);
        }
        var (first, last) = (1, Bins);   // the inner edges are those from 1 to Bins - 1
        while (first < last)
        {
            var middle = (first + last) / 2;
            (first, last) = value >= _edges[middle] ? (middle + 1, last) : (first, middle);
        }
        return first - 1;
    }

    private static string Label(double low, double high)
    {
        static string Text(double border) => border.ToString("0.####", CultureInfo.InvariantCulture);
        return (double.IsFinite(low), double.IsFinite(high)) switch
        {
            (false, false) => "all",
            (false, true) => $"below {Text(high)}",
            (true, false) => $"{Text(low)} or more",
            _ => $"{Text(low)} to {Text(high)}",
        };
    }

    internal static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
