using System.Globalization;
using System.Text;
using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.Reports;

/// <summary>Draws a <see cref="CurveChart"/> as SVG.</summary>
/// <remarks>Written by hand because a plotting library bakes in what belongs to the reader: ScottPlot's SVG places every letter by the fonts
/// of the machine that draws, has a white background in the dark too, and brings half a gigabyte of native files. Here colours come from
/// the report's style sheet, text stays text, and the bytes are the same everywhere.</remarks>
internal static class CurvePlot
{
    private const double Width = 440;
    private const double Height = 264;
    private const double Top = 26;      // the label of the vertical axis stands above it: rotated text is hard to read
    private const double Bottom = 222;
    private const double Right = 426;
    private const double DigitWidth = 8.5;   // of the larger letters that phones get
    private const double DotInset = 6;
    private const int Buckets = 200;    // a line has at most two points in each: one per pixel and a bit
    private const int Colours = 6;

    public static string SeriesClass(int index) => $"s{index % Colours + 1}";

    public static void Render(HtmlWriter html, CurveChart chart)
    {
        var lines = chart.Series.Select(series => series.AreDots ? Points(series) : Thinned(series)).ToList();
        var points = lines.SelectMany(line => line).Where(point => double.IsFinite(point.Y)).ToList();
        if (points.Count == 0)
        {
            html.Element("p", "No values to draw.", ("class", "note"));
            return;
        }
        var low = points.Min(point => Math.Min(point.Y, point.Low));
        var high = points.Max(point => Math.Max(point.Y, point.High));
        var y = Axis.Rounded(low, high, Bottom, Top, ticks: 5);
        var left = 10 + DigitWidth * y.Ticks.Max(tick => y.Label(tick).Length);
        var x = XAxis(chart, points.Min(point => point.X), points.Max(point => point.X), left);

        var inWords = CurvesBlock.Describe(chart);
        html.Open("svg", ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", $"{chart.Title}. {inWords}"));
        html.Element("title", chart.Title);
        html.Element("desc", inWords);
        Frame(html, chart, x, y, left);
        for (var i = 0; i < lines.Count; i++)
        {
            html.Open("g", ("class", SeriesClass(i)));
            if (chart.Series[i].AreDots)
            {
                lines[i].Where(point => double.IsFinite(point.Y)).ToList().ForEach(point => Dot(html, point, x, y));
            }
            else
            {
                Draw(html, lines[i], x, y);
            }
            html.Close();
        }
        html.Close();
    }

    // Dots must not lie on the frame, as the ends of a line may.
    private static Axis XAxis(CurveChart chart, double low, double high, double left)
    {
        var inset = chart.Series.Any(series => series.AreDots) ? DotInset : 0;
        return chart.XNames.Count > 0 ? Axis.Exact(-0.5, chart.XNames.Count - 0.5, left, Right, chart.XNames.Count)
            : chart.XIsLog ? Axis.Logarithmic(low, high, left + inset, Right - inset)
            : Axis.Exact(low, high, left + inset, Right - inset, ticks: 5);
    }

    private static void Frame(HtmlWriter html, CurveChart chart, Axis x, Axis y, double left)
    {
        foreach (var tick in y.Ticks)
        {
            var at = Coordinate(y.Map(tick));
            html.Empty("path", ("class", "grid"), ("d", $"M{Coordinate(left)} {at}H{Coordinate(Right)}"));
            html.Element("text", y.Label(tick), ("x", Coordinate(left - 7)), ("y", at), ("dy", ".35em"), ("class", "end"));
        }
        html.Empty("path", ("class", "axis"), ("d", $"M{Coordinate(left)} {Coordinate(Bottom)}H{Coordinate(Right)}"));
        foreach (var (tick, label) in chart.XNames.Count > 0 ? chart.XNames.Index().Select(name => ((double)name.Index, name.Item)) : x.Ticks.Select(tick => (tick, x.Label(tick))))
        {
            var at = Coordinate(x.Map(tick));
            html.Empty("path", ("class", "axis"), ("d", $"M{at} {Coordinate(Bottom)}v4"));
            html.Element("text", label, ("x", at), ("y", Coordinate(Bottom + 18)), ("class", "middle"));
        }
        html.Element("text", chart.YLabel, ("x", "0"), ("y", "12"), ("class", "label"));
        html.Element("text", chart.XLabel, ("x", Coordinate(Right)), ("y", Coordinate(Height - 6)), ("class", "label end"));
    }

    // Band and line of each stretch without a gap; a stretch of one point is a dot.
    private static void Draw(HtmlWriter html, IReadOnlyList<Point> line, Axis x, Axis y)
    {
        for (var start = 0; start < line.Count; start++)
        {
            var end = start;
            while (end < line.Count && double.IsFinite(line[end].Y))
            {
                end++;
            }
            if (end == start)
            {
                continue;
            }
            var stretch = line.Skip(start).Take(end - start).ToList();
            if (stretch.Any(point => point.Low < point.High))
            {
                var above = stretch.Select(point => (point.X, point.High));
                var backBelow = stretch.AsEnumerable().Reverse().Select(point => (point.X, point.Low));
                html.Empty("path", ("class", "band"), ("d", $"{Path(above.Concat(backBelow), x, y)}Z"));
            }
            if (stretch.Count == 1)
            {
                Dot(html, stretch[0], x, y);
            }
            else
            {
                html.Empty("path", ("class", "line"), ("d", Path(stretch.Select(point => (point.X, point.Y)), x, y)));
            }
            start = end;
        }
    }

    private static void Dot(HtmlWriter html, Point point, Axis x, Axis y) => html.Empty(
        "circle", ("class", "dot"), ("cx", Coordinate(x.Map(point.X))), ("cy", Coordinate(y.Map(point.Y))), ("r", "2.5"));

    private static string Path(IEnumerable<(double X, double Y)> points, Axis x, Axis y)
    {
        var path = new StringBuilder();
        foreach (var point in points)
        {
            path.Append(path.Length == 0 ? 'M' : 'L')
                .Append(CultureInfo.InvariantCulture, $"{Coordinate(x.Map(point.X))} {Coordinate(y.Map(point.Y))}");
        }
        return path.ToString();
    }

    // A long line keeps the lowest and the highest point of each bucket, so that no spike gets lost, and the two ends.
    private static List<Point> Thinned(CurveSeries series)
    {
        var points = Points(series);
        if (points.Count <= 2 * Buckets)
        {
            return points;
        }
        var kept = new SortedSet<int> { 0, points.Count - 1 };
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            var range = Enumerable.Range(0, points.Count * (bucket + 1) / Buckets).Skip(points.Count * bucket / Buckets);
            var finite = range.Where(i => double.IsFinite(points[i].Y)).ToList();
            kept.UnionWith(finite.Count == 0 ? range.Take(1) : [finite.MinBy(i => points[i].Y), finite.MaxBy(i => points[i].Y)]);
        }
        return [.. kept.Select(i => points[i])];
    }

    private static List<Point> Points(CurveSeries series) => [.. Enumerable.Range(0, series.X.Count).Select(i => Point.Of(series, i))];

    private readonly record struct Point(double X, double Y, double Low, double High)
    {
        public static Point Of(CurveSeries series, int i)
        {
            var (x, y) = (series.X[i], series.Y[i]);
            var known = series.Band is { } band && double.IsFinite(band[i].Low) && double.IsFinite(band[i].High);
            return known ? new Point(x, y, series.Band![i].Low, series.Band[i].High) : new Point(x, y, y, y);
        }
    }
}
