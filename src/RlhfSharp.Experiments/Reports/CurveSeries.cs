using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Reports;

/// <summary>A line, or a cloud of dots, of a <see cref="CurveChart"/>.</summary>
/// <param name="Name">What it shows; stands in the legend.</param>
/// <param name="X">Ascending, finite, <c>[points]</c>; for instance steps.</param>
/// <param name="Y">Values, <c>[points]</c>; where one is not finite, the line has a gap.</param>
/// <param name="Band">Intervals around the values, <c>[points]</c>; null for none.</param>
public sealed record CurveSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<Interval>? Band = null)
{
    /// <summary>Gets whether the points are drawn each by itself, not joined to a line.</summary>
    public bool AreDots { get; init; }

    /// <summary>Gets the values.</summary>
    /// <exception cref="ArgumentException">Lengths differ, or X is not finite and ascending.</exception>
    public IReadOnlyList<double> Y { get; } = Checked(Name, X, Y, Band);

    private static IReadOnlyList<double> Checked(string name, IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<Interval>? band)
    {
        if (x.Count != y.Count || (band is not null && band.Count != x.Count))
        {
            var withBand = band is null ? "" : $" and {band.Count} intervals";
            throw new ArgumentException($"Curve '{name}' has {x.Count} x, {y.Count} y{withBand}; their numbers must be equal.", nameof(y));
        }
        for (var i = 0; i < x.Count; i++)
        {
            if (!double.IsFinite(x[i]) || (i > 0 && x[i] < x[i - 1]))
            {
                throw new ArgumentException($"Curve '{name}': x[{i}] is {x[i]}; x must be finite and ascending.", nameof(x));
            }
        }
        return y;
    }
}
