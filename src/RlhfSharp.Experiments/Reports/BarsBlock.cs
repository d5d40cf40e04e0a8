using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Horizontal bars from zero, each with its number and a line for its 95% interval.</summary>
/// <param name="Title">What is compared, with its unit.</param>
/// <param name="Bars">From top to bottom.</param>
/// <param name="Decimals">Digits after the point; from 0 to 10.</param>
public sealed record BarsBlock(string Title, IReadOnlyList<Bar> Bars, int Decimals = 3) : IReportBlock
{
    private const double Width = 400;   // stretched to the width there is

    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("figure", ("class", "bars"));
        html.Element("figcaption", Title, ("dir", "auto"));
        var ends = Bars.SelectMany(Ends).Where(double.IsFinite).Append(0).ToList();
        var axis = Axis.Exact(ends.Min(), ends.Max(), 2, Width - 2, ticks: 1);
        html.Open("ul");
        foreach (var bar in Bars)
        {
            html.Open("li");
            html.Element("bdi", bar.Label);
            html.Text(" ");
            html.Open("span", ("class", "number"));
            html.Element("span", Fixed(bar.Value.Value, Decimals));
            if (bar.Value.Interval is { } interval)
            {
                html.Text(" ");
                html.Element("span", Interval(interval, Decimals), ("class", "interval"));
            }
            html.Close();
            Draw(html, bar, axis);
            html.Close();
        }
        html.Close();
        if (Bars.Any(bar => bar.Value.Interval is not null))
        {
            html.Element("p", "In brackets and as lines: 95% intervals.", ("class", "note"));
        }
        html.Close();
    }

    private static IEnumerable<double> Ends(Bar bar) =>
        bar.Value.Interval is { } interval ? [bar.Value.Value, interval.Low, interval.High] : [bar.Value.Value];

    // Hidden from screen readers: the number beside it says the same.
    private static void Draw(HtmlWriter html, Bar bar, Axis axis)
    {
        html.Open("svg", ("viewBox", $"0 0 {Width} 14"), ("preserveAspectRatio", "none"), ("aria-hidden", "true"));
        var (zero, value) = (axis.Map(0), bar.Value.Value);
        if (double.IsFinite(value))
        {
            var (from, to) = (Math.Min(zero, axis.Map(value)), Math.Max(zero, axis.Map(value)));
            html.Empty("rect", ("class", "bar"), ("x", Coordinate(from)), ("y", "1"), ("width", Coordinate(to - from)), ("height", "12"));
        }
        html.Empty("path", ("class", "axis"), ("d", $"M{Coordinate(zero)} 0V14"));
        if (bar.Value.Interval is { } interval && double.IsFinite(interval.Low) && double.IsFinite(interval.High))
        {
            var (low, high) = (Coordinate(axis.Map(interval.Low)), Coordinate(axis.Map(interval.High)));
            html.Empty("path", ("class", "whisker"), ("d", $"M{low} 7H{high}M{low} 3.5V10.5M{high} 3.5V10.5"));
        }
        html.Close();
    }
}
