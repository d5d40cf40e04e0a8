using System.Globalization;

namespace RlhfSharp.QualityDiversity.Intervals;

/// <summary>Where everything of an interval plot lies, in pixels.</summary>
internal sealed class IntervalPlotLayout
{
    public const int Top = 48;
    public const int RowHeight = 30;

    private const int Foot = 52;
    private const int FewestTicks = 3;

    private readonly double _low;
    private readonly double _span;
    private readonly int _decimals;   // three significant digits of how far the numbers lie apart

    public IntervalPlotLayout(IntervalPlot plot, double width, double letter)
    {
        var low = plot.Rows.Min(row => row.Low ?? row.Value);
        var high = plot.Rows.Max(row => row.High ?? row.Value);
        var margin = high > low ? 0.05 * (high - low) : Math.Max(0.01, Math.Abs(low) / 10);
        (_low, _span) = (low - margin, high - low + 2 * margin);
        _decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(_span)), 0, 9);
        Left = 24 + letter * plot.Rows.Max(row => row.Label.Length);
        Right = width - 24 - letter * plot.Rows.Max(row => Words(row).Length);
        (Width, Bottom) = (width, Top + RowHeight * plot.Rows.Count);
        Ticks = FindTicks();
    }

    public double Width { get; }

    public double Left { get; }

    public double Right { get; }

    public double Bottom { get; }

    public IReadOnlyList<double> Ticks { get; }

    public static int HeightOf(IntervalPlot plot) => Top + RowHeight * plot.Rows.Count + Foot;

    public double X(double value) => Left + (Right - Left) * (value - _low) / _span;

    public static double Y(int row) => Top + RowHeight * (row + 0.5);

    public string Words(IntervalRow row) =>
        row is { Low: { } low, High: { } high } ? $"{Number(row.Value, _decimals)} [{Number(low, _decimals)}, {Number(high, _decimals)}]" : Number(row.Value, _decimals);

    /// <summary>Prints a number below the scale.</summary>
    public string TickText(double tick) => Number(tick, Math.Max(0, _decimals - 1));

    private static string Number(double value, int decimals) => Math.Round(value, decimals) switch
    {
        0 => 0.ToString($"F{decimals}", CultureInfo.InvariantCulture),   // what rounds to zero has no sign
        var rounded => rounded.ToString($"F{decimals}", CultureInfo.InvariantCulture).Replace('-', '−'),
    };

    // Round numbers: the widest step of 1, 2 or 5 times a power of ten that leaves a few of them.
    private double[] FindTicks()
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(_span)));
        foreach (var step in new[] { 1, 0.5, 0.2, 0.1 }.Select(part => part * power))
        {
            var first = (long)Math.Ceiling(_low / step);
            var count = (int)((long)Math.Floor((_low + _span) / step) - first + 1);
            if (count >= FewestTicks)
            {
                return [.. Enumerable.Range(0, count).Select(i => Math.Round((first + i) * step, 12))];
            }
        }
        return [_low, _low + _span];
    }
}
