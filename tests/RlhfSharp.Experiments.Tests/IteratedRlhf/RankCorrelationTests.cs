using RlhfSharp.Experiments.IteratedRlhf;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

public sealed class RankCorrelationTests
{
    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 10, 20, 30, 400 }, 1)]
    [InlineData(new double[] { 1, 2, 3, 4 }, new double[] { 4, 3, 2, 1 }, -1)]
    [InlineData(new double[] { 1, 2, 3, 4, 5 }, new double[] { 2, 1, 4, 3, 5 }, 0.8)]   // 1 − 6·4/(5·24)
    [InlineData(new double[] { 1, 2, 2, 3 }, new double[] { 1, 2, 3, 4 }, 0.9486832980505138)]   // ties share rank 2.5: 4.5/√(4.5·5)
    [InlineData(new double[] { 1, 1, 1 }, new double[] { 1, 2, 3 }, 0)]
    public void Of_WorkedOutByHand(double[] first, double[] second, double expected) => Assert.Equal(expected, RankCorrelation.Of(first, second), 1e-12);
}
