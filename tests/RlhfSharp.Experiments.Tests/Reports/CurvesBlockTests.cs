using System.Xml.Linq;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.Reports;

public sealed class CurvesBlockTests
{
    [Fact]
    public void Render_TwoPoints_RunFromCornerToCorner()
    {
        // y from 0 to 1: bottom 222, top 26. The longest label has three letters: 10 + 3 · 8.5 = 35.5 is the left end, 426 the right.
        var chart = Draw(new CurveSeries("loss", [0, 10], [0, 1]));
        Assert.Equal("M35.5 222L426 26", Line(chart));
        Assert.Empty(chart.WithClass("legend"));   // the title names a single line
    }

    [Fact]
    public void Render_ValueThatIsNotFinite_IsAGapAndALonePointADot()
    {
        var chart = Draw(new CurveSeries("loss", [0, 1, 2, 3, 4], [0, 1, double.NaN, 1, double.PositiveInfinity]));
        Assert.Single(chart.WithClass("line"));
        Assert.Single(chart.WithClass("dot"));
    }

    [Fact]
    public void Render_ManyPoints_KeepsEverySpikeInASmallPath()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(step => (double)step)];
        double[] y = [.. x.Select(step => step == 54_321 ? 10 : step == 77_777 ? -10 : 0.0)];
        var path = Line(Draw(new CurveSeries("loss", x, y)));
        Assert.InRange(path.Count(c => c == 'L'), 100, 410);
        Assert.Contains(" 26L", path);    // the top
        Assert.Contains(" 222L", path);   // the bottom
    }

    [Fact]
    public void Render_Band_GoesThereAboveAndBackBelow()
    {
        var chart = Draw(new CurveSeries("reward", [0, 1], [.5, .5], [new Interval(0, 1), new Interval(0, 1)]));
        Assert.Equal("M35.5 26L426 26L426 222L35.5 222Z", chart.WithClass("band").Single().Attribute("d")!.Value);
        Assert.Equal("shaded: 95% intervals", chart.WithClass("legend").Single().Value);
    }

    [Fact]
    public void Render_SeveralLines_HaveALegendInTheirOrder()
    {
        var chart = Draw(new CurveSeries("policy", [0, 1], [0, 1]), new CurveSeries("reference", [0, 1], [1, 0]));
        Assert.Equal(["s1 policy", "s2 reference"], chart.Descendants("li").Select(item => $"{item.Attribute("class")!.Value} {item.Value}"));
        Assert.Equal("Loss", chart.Descendants("figcaption").Single().Value);
        Assert.Equal(
            "Line chart of nats over step. policy: from 0 at 0 to 1 at 1. reference: from 1 at 0 to 0 at 1.",
            chart.Descendants("desc").Single().Value);
    }

    [Theory]
    [InlineData()]
    [InlineData(double.NaN)]
    public void Render_NothingToDraw_SaysSo(params double[] y)
    {
        var chart = Draw(new CurveSeries("loss", [.. y.Select((_, i) => (double)i)], y));
        Assert.Equal("No values to draw.", chart.WithClass("note").Single().Value);
        Assert.Empty(chart.Descendants("svg"));
    }

    [Fact]
    public void Constructor_UnfitSeries_SaysWhatIsWrong()
    {
        var lengths = Assert.Throws<ArgumentException>(() => new CurveSeries("loss", [1, 2], [3]));
        Assert.StartsWith("Curve 'loss' has 2 x, 1 y; their numbers must be equal.", lengths.Message);
        var order = Assert.Throws<ArgumentException>(() => new CurveSeries("loss", [2, 1], [3, 4]));
        Assert.StartsWith("Curve 'loss': x[1] is 1; x must be finite and ascending.", order.Message);
    }

    private static XElement Draw(params CurveSeries[] series) =>
        Rendered.Blocks(new CurvesBlock([new CurveChart("Loss", "step", "nats", series)]));

    private static string Line(XElement chart) => chart.WithClass("line").Single().Attribute("d")!.Value;
}
