using CsCheck;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Tests.Archives;

public sealed class AxisTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.01, 0)]
    [InlineData(0.1, 1)]
    [InlineData(0.3, 3)]    // 10 · 0.3 is 3.0000000000000004 or 2.9999999999999996, according to how it came about
    [InlineData(0.7, 7)]
    [InlineData(0.99, 9)]
    [InlineData(1, 9)]
    [InlineData(-5, 0)]
    [InlineData(5, 9)]
    public void BinOf_TenBins_BordersBelongToTheBinAbove(double value, int expected) =>
        Assert.Equal(expected, NumericAxis.Uniform("x", 0, 1, 10).BinOf(value));

    [Fact]
    public void BinOf_Ticks_CountsTicksAtOrBelow() =>
        Gen.Select(Gen.Int[-20, 20].HashSet[0, 6], Gen.Int[-25, 25]).Sample((ticks, value) =>
        {
            var axis = NumericAxis.Ticks("x", [.. ticks.Order().Select(tick => (double)tick)]);
            Assert.Equal(ticks.Count + 1, axis.Bins);
            Assert.Equal(ticks.Count(tick => tick <= value), axis.BinOf(value));
        });

    [Fact]
    public void Labels_OfBins_SayWhereTheyEnd()
    {
        Assert.Equal(["below -2", "-2 to 0.5", "0.5 or more"], NumericAxis.Ticks("x", -2, 0.5).Labels);
        Assert.Equal(["all"], NumericAxis.Ticks("x").Labels);
        Assert.Equal(["0 to 1", "1 to 2"], NumericAxis.Uniform("x", 0, 2, 2).Labels);
    }

    // Sorted 1..8: quartiles of type 7 are 2.75, 4.5 and 6.25, so each bin holds two.
    [Fact]
    public void Quantiles_EvenSample_HoldsEqualShares()
    {
        var axis = NumericAxis.Quantiles("length", [8, 1, 6, 3, 5, 4, 7, 2], bins: 4);
        Assert.Equal([double.NegativeInfinity, 2.75, 4.5, 6.25, double.PositiveInfinity], axis.Edges);
        Assert.All(Enumerable.Range(1, 8).GroupBy(value => axis.BinOf(value)), bin => Assert.Equal(2, bin.Count()));
    }

    [Fact]
    public void Quantiles_EqualValues_GiveFewerBins() => Assert.Equal(1, NumericAxis.Quantiles("x", [3, 3, 3], bins: 4).Bins);

    [Fact]
    public void Axes_BadArguments_SayWhatIsWrong()
    {
        Assert.Contains("has the label 'ode' twice", Assert.Throws<ArgumentException>(() => new CategoricalAxis("form", "ode", "hymn", "ode")).Message, StringComparison.Ordinal);
        Assert.Contains("index 1 is 2", Assert.Throws<ArgumentException>(() => NumericAxis.Ticks("x", 3, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => NumericAxis.Uniform("x", 1, 1, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => NumericAxis.Uniform("x", 0, double.PositiveInfinity, 3));
        Assert.Throws<ArgumentException>(() => NumericAxis.Quantiles("x", [1, double.NaN], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CategoricalAxis("form"));
    }
}
