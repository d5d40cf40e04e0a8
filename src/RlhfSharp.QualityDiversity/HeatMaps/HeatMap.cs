using System.Globalization;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.HeatMaps;

/// <summary>A value per cell of two axes, to be drawn.</summary>
public sealed record HeatMap
{
    private const double NarrowestScale = 0.01;

    /// <summary>Initializes a map.</summary>
    /// <param name="title">What it shows; stands above it.</param>
    /// <param name="valueName">What the colours mean, with the unit; stands beside the scale.</param>
    /// <param name="vertical">The axis from top to bottom.</param>
    /// <param name="horizontal">The axis from left to right.</param>
    /// <param name="cells">The values, <c>[vertical bins, horizontal bins]</c>.</param>
    /// <exception cref="ArgumentException">The cells' shape is not that of the axes, or a value is not finite.</exception>
    public HeatMap(string title, string valueName, HeatMapAxis vertical, HeatMapAxis horizontal, HeatMapCell[,] cells)
    {
        if (cells.GetLength(0) != vertical.Bins || cells.GetLength(1) != horizontal.Bins || cells.Length == 0)
        {
            throw new ArgumentException(
                $"cells has shape [{cells.GetLength(0)}, {cells.GetLength(1)}], expected [{vertical.Bins}, {horizontal.Bins}]: "
                + $"one per bin of {vertical.Name} and {horizontal.Name}, at least one.",
                nameof(cells));
        }
        var values = cells.Cast<HeatMapCell>().Select(cell => cell.Value).OfType<double>().ToArray();
        if (!Check.AreFinite(values))
        {
            throw new ArgumentException("A cell's value must be a finite number, or null where there is none.", nameof(cells));
        }
        (Title, ValueName, Vertical, Horizontal, Cells) = (title, valueName, vertical, horizontal, cells);
        (Low, High) = values.Length > 0 ? (values.Min(), values.Max()) : (0, 1);
        if (Low == High)
        {
            (Low, High) = (Low - NarrowestScale, High + NarrowestScale);   // one value only still gets a scale
        }
    }

    /// <summary>Gets what the map shows.</summary>
    public string Title { get; }

    /// <summary>Gets what the colours mean.</summary>
    public string ValueName { get; }

    /// <summary>Gets the axis from top to bottom.</summary>
    public HeatMapAxis Vertical { get; }

    /// <summary>Gets the axis from left to right.</summary>
    public HeatMapAxis Horizontal { get; }

    /// <summary>Gets the values, <c>[vertical bins, horizontal bins]</c>.</summary>
    public HeatMapCell[,] Cells { get; }

    /// <summary>Gets the value of the darkest colour: the lowest in the map unless set. Set both ends to put several maps on one scale.</summary>
    public double Low { get; init; }

    /// <summary>Gets the value of the brightest colour: the highest in the map unless set.</summary>
    public double High { get; init; }

    /// <summary>Prints a value as the map's pictures do: three significant digits, a real minus sign, and 0 for what is next to nothing beside how far the map's values lie apart.</summary>
    /// <param name="value">Any number.</param>
    /// <returns>The text.</returns>
    public string Text(double value)
    {
        var size = Math.Abs(value);
        var text = size < (High - Low) / 1000 || value == 0 ? "0" : size is >= 1e5 or < 1e-3
            ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
            : value.ToString(size >= 100 ? "0" : size >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }

    /// <summary>Makes the map of a grid's best objectives.</summary>
    /// <typeparam name="TSolution">What was searched for.</typeparam>
    /// <param name="archive">A grid of one or two axes: the first runs from top to bottom, unless it is the only one.</param>
    /// <param name="title">What the map shows.</param>
    /// <param name="valueName">What the objective is.</param>
    /// <param name="counts">How many evaluations each cell had, <c>[cells]</c>; null to print none.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">The grid has more than two axes.</exception>
    public static HeatMap Of<TSolution>(
        GridArchive<TSolution> archive, string title, string valueName = "objective", IReadOnlyList<int>? counts = null) =>
        Of(archive, archive.Axes, title, valueName, counts);

    /// <summary>Makes the map of the best objectives of each combination of labels.</summary>
    /// <typeparam name="TSolution">What was searched for.</typeparam>
    /// <param name="archive">An archive of one or two axes: the first runs from top to bottom, unless it is the only one.</param>
    /// <param name="title">What the map shows.</param>
    /// <param name="valueName">What the objective is.</param>
    /// <param name="counts">How many evaluations each cell had, <c>[cells]</c>; null to print none.</param>
    /// <returns>The map.</returns>
    /// <exception cref="ArgumentException">The archive has more than two axes.</exception>
    public static HeatMap Of<TSolution>(
        CategoricalArchive<TSolution> archive, string title, string valueName = "objective", IReadOnlyList<int>? counts = null) =>
        Of(archive, archive.Axes, title, valueName, counts);

    private static HeatMap Of<TSolution>(
        Archive<TSolution> archive, IReadOnlyList<ArchiveAxis> axes, string title, string valueName, IReadOnlyList<int>? counts)
    {
        if (axes.Count > 2)
        {
            throw new ArgumentException($"The archive has {axes.Count} axes; a heat map shows one or two. Make one per bin of the others.", nameof(archive));
        }
        var vertical = axes.Count == 2 ? HeatMapAxis.Of(axes[0]) : new HeatMapAxis(string.Empty, [string.Empty]);
        var horizontal = HeatMapAxis.Of(axes[^1]);
        var cells = new HeatMapCell[vertical.Bins, horizontal.Bins];
        for (var cell = 0; cell < archive.CellCount; cell++)
        {
            cells[cell / horizontal.Bins, cell % horizontal.Bins] = new HeatMapCell(archive.Best(cell)?.Objective, counts?[cell]);
        }
        return new HeatMap(title, valueName, vertical, horizontal, cells);
    }
}
