using System.Globalization;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Charts of lines or dots side by side, or below each other where the screen is narrow.</summary>
/// <param name="Charts">From left to right.</param>
public sealed record CurvesBlock(IReadOnlyList<CurveChart> Charts) : IReportBlock
{
    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("div", ("class", "charts"));
        foreach (var chart in Charts)
        {
            html.Open("figure");
            html.Element("figcaption", chart.Title, ("dir", "auto"));
            var banded = chart.Series.Any(series => series.Band is not null);
            if (chart.Series.Count > 1 || banded)
            {
                Legend(html, chart, banded);
            }
            CurvePlot.Render(html, chart);
            html.Close();
        }
        html.Close();
    }

    private static void Legend(HtmlWriter html, CurveChart chart, bool banded)
    {
        html.Open("ul", ("class", "legend"));
        for (var i = 0; i < chart.Series.Count && chart.Series.Count > 1; i++)   // the title names a single line
        {
            html.Open("li", ("class", CurvePlot.SeriesClass(i)));
            html.Open("svg", ("viewBox", "0 0 26 8"), ("aria-hidden", "true"));
            if (chart.Series[i].AreDots)
            {
                html.Empty("circle", ("class", "dot"), ("cx", "13"), ("cy", "4"), ("r", "3"));
            }
            else
            {
                html.Empty("path", ("class", "line"), ("d", "M0 4H26"));
            }
            html.Close();
            html.Element("bdi", chart.Series[i].Name);
            html.Close();
        }
        if (banded)
        {
            html.Element("li", "shaded: 95% intervals", ("class", "quiet"));
        }
        html.Close();
    }

    /// <summary>What somebody who cannot see the chart needs to hear: where each line starts and ends.</summary>
    internal static string Describe(CurveChart chart)
    {
        var lines = chart.Series.Select(series =>
        {
            var points = series.X.Zip(series.Y).Where(point => double.IsFinite(point.Second)).ToList();
            return points.Count == 0
                ? $"{series.Name}: no values."
                : series.AreDots ? string.Create(CultureInfo.InvariantCulture, $"{series.Name}: {points.Count} dots from {points.Min(point => point.Second):G4} to {points.Max(point => point.Second):G4}.")
                : $"{series.Name}: from {At(points[0])} to {At(points[^1])}.";
        });
        return $"{(chart.Series.Any(series => series.AreDots) ? "Scatter chart" : "Line chart")} of {chart.YLabel} over {chart.XLabel}. {string.Join(' ', lines)}";
    }

    private static string At((double X, double Y) point) => string.Create(CultureInfo.InvariantCulture, $"{point.Y:G4} at {point.X:G4}");
}
