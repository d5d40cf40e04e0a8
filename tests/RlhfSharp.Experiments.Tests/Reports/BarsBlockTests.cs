using RlhfSharp.Experiments.Reports;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.Reports;

public sealed class BarsBlockTests
{
    [Fact]
    public void Render_PositiveAndNegative_StartAtZero()
    {
        // From −1 to 3 over pixels 2 to 398: zero lies at 2 + 396/4 = 101, and a unit is 99 wide.
        var bars = Rendered.Blocks(new BarsBlock(
            "Reward", [new Bar("up", new Estimate(2, new Interval(1, 3))), new Bar("down", new Estimate(-1))], Decimals: 1));
        Assert.Equal(["101 198", "2 99"], bars.WithClass("bar").Select(bar => $"{bar.Attribute("x")!.Value} {bar.Attribute("width")!.Value}"));
        Assert.Equal("M200 7H398M200 3.5V10.5M398 3.5V10.5", bars.WithClass("whisker").Single().Attribute("d")!.Value);
        Assert.Equal(["up 2.0 [1.0, 3.0]", "down −1.0"], bars.Descendants("li").Select(item => item.Value));
    }

    [Fact]
    public void Render_ValueThatIsNotFinite_HasNoBarButItsName()
    {
        var bars = Rendered.Blocks(new BarsBlock("Reward", [new Bar("diverged", new Estimate(double.NaN)), new Bar("fine", new Estimate(1))]));
        Assert.Single(bars.WithClass("bar"));
        Assert.StartsWith("diverged NaN", bars.Descendants("li").First().Value);
    }
}
