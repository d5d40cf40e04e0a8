using System.Globalization;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>An axis of a heat map.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">What is written: at the middle of each bin, or at each border.</param>
/// <param name="AtBorders">Whether labels belong to borders, of which there is one more than bins.</param>
public sealed record HeatMapAxis(string Name, IReadOnlyList<string> Labels, bool AtBorders = false)
{
    /// <summary>Gets the number of bins.</summary>
    public int Bins => Labels.Count - (AtBorders ? 1 : 0);

    /// <summary>Makes the axis of an archive's axis.</summary>
    /// <param name="axis">Categorical axes have a label per bin, numeric ones a number per border.</param>
    /// <returns>The axis.</returns>
    public static HeatMapAxis Of(ArchiveAxis axis) => axis is NumericAxis numeric
        ? new(axis.Name, [.. numeric.Edges.Select(Border)], AtBorders: true)
        : new(axis.Name, axis.Labels);

    private static string Border(double edge) => edge switch
    {
        double.NegativeInfinity => "−∞",
        double.PositiveInfinity => "∞",
        _ => edge.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−'),
    };
}
