using System.Buffers.Binary;
using System.Globalization;
using System.Xml.Linq;
using RlhfSharp.QualityDiversity.Intervals;

namespace RlhfSharp.QualityDiversity.Tests.Intervals;

public sealed class IntervalPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly IntervalPlot Plot = new("Mean <reward>", "reward", [new("haiku", -0.1, -0.3, 0.1), new("sonnet", 0.5, 0.4, 0.6), new("\"hymn\"", 0.2)]);

    [Fact]
    public void Draw_Svg_PutsDotsInsideTheirIntervalsInTheOrderOfTheirValues()
    {
        var drawing = XDocument.Parse(IntervalPlotSvg.Draw(Plot));
        var dots = drawing.Descendants(Svg + "circle").Select(dot => (X: Number(dot, "cx"), Y: Number(dot, "cy"))).ToList();
        Assert.Equal(3, dots.Count);
        Assert.True(dots[0].X < dots[2].X && dots[2].X < dots[1].X);
        Assert.True(dots[0].Y < dots[1].Y && dots[1].Y < dots[2].Y);
        // −0.1 lies in the middle of [−0.3, 0.1].
        var whisker = drawing.Descendants(Svg + "path").First(path => path.Attribute("stroke")!.Value == "#0a5fa3").Attribute("d")!.Value.Split('M', 'L', ' ').Skip(1)
            .Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal((whisker[0] + whisker[2]) / 2, dots[0].X, 0.11);
        var texts = drawing.Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.All(["Mean <reward>", "reward", "haiku", "\"hymn\"", "−0.100 [−0.300, 0.100]", "0.500 [0.400, 0.600]", "0.200", "0.00"], text => Assert.Contains(text, texts));
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1)]
    [InlineData(12345.678)]
    public void Draw_AnySize_HasAFewRoundTicksInsideTheScale(double size)
    {
        var layout = new IntervalPlotLayout(new IntervalPlot("t", "v", [new("a", size, 0.9 * size, 1.3 * size)]), 800, 7);
        Assert.InRange(layout.Ticks.Count, 2, 12);
        Assert.All(layout.Ticks, tick => Assert.InRange(layout.X(tick), layout.Left - 0.01, layout.Right + 0.01));
        Assert.Equal(layout.Ticks.Count, layout.Ticks.Select(layout.TickText).Distinct().Count());
    }

    [Fact]
    public void Draw_OneValueWithoutInterval_Works() => Assert.Single(XDocument.Parse(IntervalPlotSvg.Draw(new IntervalPlot("t", "v", [new("a", 0)]))).Descendants(Svg + "circle"));

    [Fact]
    public void Draw_Png_HasTheSizeAskedForAndTheSameBytes()
    {
        var png = IntervalPlotPng.Draw(Plot, 500);
        Assert.Equal((500, IntervalPlotLayout.HeightOf(Plot)), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
        Assert.Equal(png, IntervalPlotPng.Draw(Plot, 500));
    }

    [Fact]
    public void Plot_BadRows_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new IntervalPlot("t", "v", []));
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new IntervalPlot("t", "v", [new("a", 1, 0)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new IntervalPlot("t", "v", [new("a", double.NaN)]));
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
