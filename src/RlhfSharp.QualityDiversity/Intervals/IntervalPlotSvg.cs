using RlhfSharp.QualityDiversity.HeatMaps;

namespace RlhfSharp.QualityDiversity.Intervals;

/// <summary>Draws an interval plot as SVG: text stays text, and the same plot gives the same bytes everywhere.</summary>
public static class IntervalPlotSvg
{
    private const double GuessedLetter = 7.2;   // a generous guess: browsers choose the font

    /// <summary>Draws a plot; it is as high as its rows need.</summary>
    /// <param name="plot">What to draw.</param>
    /// <param name="width">Width in pixels, from 200.</param>
    /// <returns>A whole SVG document.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 200 pixels.</exception>
    public static string Draw(IntervalPlot plot, int width = 800)
    {
        ArgumentNullException.ThrowIfNull(plot);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        var layout = new IntervalPlotLayout(plot, width, GuessedLetter);
        var svg = new SvgDocument(plot.Title, width, IntervalPlotLayout.HeightOf(plot), 8);
        foreach (var tick in layout.Ticks)
        {
            svg.Path(layout.X(tick), IntervalPlotLayout.Top, layout.X(tick), layout.Bottom, "stroke=\"#ddd\"");
            svg.Text(layout.TickText(tick), layout.X(tick), layout.Bottom + 16, "text-anchor=\"middle\" fill=\"#555\" font-size=\"11\"");
        }
        svg.Text(plot.ValueName, (layout.Left + layout.Right) / 2, layout.Bottom + 38, "text-anchor=\"middle\" font-style=\"italic\"");
        foreach (var (index, row) in plot.Rows.Index())
        {
            Row(svg, layout, row, IntervalPlotLayout.Y(index));
        }
        return svg.Finish();
    }

    private static void Row(SvgDocument svg, IntervalPlotLayout layout, IntervalRow row, double y)
    {
        svg.Text(row.Label, layout.Left - 10, y + 4, "text-anchor=\"end\"");
        if (row is { Low: { } low, High: { } high })
        {
            svg.Path(layout.X(low), y, layout.X(high), y, "stroke=\"#0a5fa3\" stroke-width=\"2\"");
            svg.Path(layout.X(low), y - 5, layout.X(low), y + 5, "stroke=\"#0a5fa3\" stroke-width=\"2\"");
            svg.Path(layout.X(high), y - 5, layout.X(high), y + 5, "stroke=\"#0a5fa3\" stroke-width=\"2\"");
        }
        svg.Dot(layout.X(row.Value), y, 5, "fill=\"#0a5fa3\"");
        svg.Text(layout.Words(row), layout.Right + 14, y + 4, string.Empty);
    }
}
