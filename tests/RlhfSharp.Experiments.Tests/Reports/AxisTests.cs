using CsCheck;
using RlhfSharp.Experiments.Reports;

namespace RlhfSharp.Experiments.Tests.Reports;

public sealed class AxisTests
{
    private static readonly Gen<(double Low, double High)> Ranges =
        from exponent in Gen.Double[-8, 11]
        from low in Gen.Double[-1, 1]
        from width in Gen.Double[0.01, 2]
        select (low * Math.Pow(10, exponent), (low + width) * Math.Pow(10, exponent));

    [Theory]
    [InlineData(0.31, 0.99, "0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 0.0002, "0 5e−5 1e−4 1.5e−4 2e−4")]
    [InlineData(-3, 3, "−4 −2 0 2 4")]
    [InlineData(0, 45000, "0 10k 20k 30k 40k 50k")]
    [InlineData(5, 5, "2 3 4 5 6 7 8")]   // a constant has room around it
    [InlineData(0, 0, "−1.0 −0.5 0 0.5 1.0")]
    public void Rounded_Range_HasTheseTicks(double low, double high, string expected)
    {
        var axis = Axis.Rounded(low, high, 0, 100, ticks: 5);
        Assert.Equal(expected, string.Join(' ', axis.Ticks.Select(axis.Label)));
    }

    [Fact]
    public void Rounded_AnyRange_HasFewDifferentLabelsAndHoldsTheRange() => Ranges.Sample(range =>
    {
        var axis = Axis.Rounded(range.Low, range.High, 200, 20, ticks: 5);
        var labels = axis.Ticks.Select(axis.Label).ToList();
        Assert.InRange(labels.Count, 3, 8);
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.InRange(axis.Map(range.Low), 20, 200.001);   // upwards is towards smaller pixels
        Assert.InRange(axis.Map(range.High), 19.999, axis.Map(range.Low));
    });

    [Fact]
    public void Exact_AnyRange_EndsWhereTheValuesEnd() => Ranges.Sample(range =>
    {
        var axis = Axis.Exact(range.Low, range.High, 30, 400, ticks: 5);
        Assert.Equal(30, axis.Map(range.Low), 1e-6);
        Assert.Equal(400, axis.Map(range.High), 1e-6);
        Assert.All(axis.Ticks, tick => Assert.InRange(axis.Map(tick), 29.9, 400.1));
    });
}
