using RlhfSharp.QualityDiversity.HeatMaps;

namespace RlhfSharp.QualityDiversity.Intervals;

/// <summary>Draws an interval plot as PNG, with letters of our own, so that it looks the same everywhere.</summary>
public static class IntervalPlotPng
{
    private const int Letters = 2;
    private static readonly (byte Red, byte Green, byte Blue) Ink = (0, 0, 0);
    private static readonly (byte Red, byte Green, byte Blue) Mark = (10, 95, 163);

    /// <summary>Draws a plot; it is as high as its rows need.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="width">Width in pixels, from 200.</param>
    /// <returns>The bytes of a PNG file.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 200 pixels.</exception>
    public static byte[] Draw(IntervalPlot plot, int width = 1000)
    {
        ArgumentNullException.ThrowIfNull(plot);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        var layout = new IntervalPlotLayout(plot, width, PixelFont.Advance * Letters);
        var canvas = new Canvas(width, IntervalPlotLayout.HeightOf(plot));
        canvas.Text(plot.Title, 8, 8, Letters, Ink);
        foreach (var tick in layout.Ticks)
        {
            canvas.Fill(layout.X(tick), IntervalPlotLayout.Top, layout.X(tick) + 1, layout.Bottom, (221, 221, 221));
            Centred(canvas, layout.TickText(tick), layout.X(tick), layout.Bottom + 8, 1);
        }
        Centred(canvas, plot.ValueName, (layout.Left + layout.Right) / 2, layout.Bottom + 28, Letters);
        foreach (var (index, row) in plot.Rows.Index())
        {
            Row(canvas, layout, row, IntervalPlotLayout.Y(index));
        }
        return canvas.ToPng();
    }

    private static void Row(Canvas canvas, IntervalPlotLayout layout, IntervalRow row, double y)
    {
        var top = y - PixelFont.Height * Letters / 2.0;
        canvas.Text(row.Label, layout.Left - 10 - TextWidth(row.Label, Letters), top, Letters, Ink);
        if (row is { Low: { } low, High: { } high })
        {
            canvas.Fill(layout.X(low), y - 1, layout.X(high), y + 1, Mark);
            canvas.Fill(layout.X(low) - 1, y - 5, layout.X(low) + 1, y + 5, Mark);
            canvas.Fill(layout.X(high) - 1, y - 5, layout.X(high) + 1, y + 5, Mark);
        }
        canvas.Fill(layout.X(row.Value) - 4, y - 4, layout.X(row.Value) + 4, y + 4, Mark);
        canvas.Text(layout.Words(row), layout.Right + 14, top, Letters, Ink);
    }

    private static double TextWidth(string text, int size) => text.Length * PixelFont.Advance * size;

    private static void Centred(Canvas canvas, string text, double x, double top, int size) => canvas.Text(text, x - TextWidth(text, size) / 2, top, size, Ink);
}
