using CsCheck;
using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.QualityDiversity.Tests.Statistics;

public sealed class EmpiricalDistributionTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1 / 8.0)]
    [InlineData(2, 1 / 2.0)]   // one below, two equal
    [InlineData(3, 3 / 4.0)]
    [InlineData(4, 7 / 8.0)]
    [InlineData(5, 1)]
    public void MidShare_FourValues_CountsHalfOfWhatIsEqual(double value, double expected) => Assert.Equal(expected, new EmpiricalDistribution([2, 4, 1, 2]).MidShare(value), 1e-12);

    [Fact]
    public void MidShare_OverItsOwnSample_HasMeanOneHalf() => Gen.Int[-3, 3].Array[1, 30].Sample(values =>
    {
        double[] sample = [.. values];
        Assert.Equal(0.5, sample.Average(new EmpiricalDistribution(sample).MidShare), 1e-12);
    });
}
