using CsCheck;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Training.Tests.Metrics;

public sealed class DistributionsTests
{
    // One degree of freedom: tan(π(p − 1/2)); two: a root. The others are the usual table with more digits.
    [Theory]
    [InlineData(0.975, 1, 12.706204736174694)]
    [InlineData(0.975, 2, 4.302652729749464)]
    [InlineData(0.975, 3, 3.182446305283710)]
    [InlineData(0.975, 4, 2.776445105197793)]
    [InlineData(0.975, 5, 2.570581835636314)]
    [InlineData(0.975, 9, 2.262157162798205)]
    [InlineData(0.975, 10, 2.228138851986273)]
    [InlineData(0.975, 30, 2.042272456301236)]
    [InlineData(0.975, 100, 1.983971518523552)]
    [InlineData(0.995, 1, 63.656741162871526)]
    [InlineData(0.995, 10, 3.169272667175838)]
    [InlineData(0.95, 20, 1.724718242920788)]
    [InlineData(0.5, 7, 0.0)]
    [InlineData(0.025, 10, -2.228138851986273)]
    public void StudentTQuantile_PublishedValue_IsMetToEightDigits(double probability, double degreesOfFreedom, double expected) =>
        Assert.Equal(expected, Statistics.StudentTQuantile(probability, degreesOfFreedom), 1e-8);

    [Theory]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.995, 2.575829303548901)]
    [InlineData(0.5, 0.0)]
    [InlineData(0.001, -3.090232306167813)]
    public void NormalQuantile_PublishedValue_IsMet(double probability, double expected) =>
        Assert.Equal(expected, Distributions.NormalQuantile(probability), 1e-12);

    // A second route: for whole degrees of freedom the distribution is a finite sum (Abramowitz and Stegun 26.7.3 and 26.7.4).
    [Fact]
    public void StudentTQuantile_AnyProbability_InvertsTheFiniteSum() =>
        Gen.Select(Gen.Double[0.5001, 0.9999], Gen.Int[1, 200]).Sample((probability, degreesOfFreedom) =>
        {
            var quantile = Statistics.StudentTQuantile(probability, degreesOfFreedom);
            Assert.Equal(probability, FiniteSum(quantile, degreesOfFreedom), 1e-10);
        });

    // 5% of t lie beyond 2.228 with 10 degrees of freedom, and all of it beyond 0.
    [Theory]
    [InlineData(2.228138851986273, 10, 0.05)]
    [InlineData(63.656741162871526, 1, 0.01)]
    [InlineData(0, 7, 1)]
    [InlineData(double.PositiveInfinity, 7, 0)]
    [InlineData(double.NaN, 7, double.NaN)]
    public void StudentTTails_PublishedValue_IsMet(double size, double degreesOfFreedom, double expected) =>
        Assert.Equal(expected, Statistics.StudentTTails(size, degreesOfFreedom), 1e-9);

    [Theory]
    [InlineData(-0.1, 5)]
    [InlineData(1, 0)]
    [InlineData(1, double.PositiveInfinity)]
    public void StudentTTails_OutsideItsRange_IsRefused(double size, double degreesOfFreedom) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.StudentTTails(size, degreesOfFreedom));

    [Fact]
    public void StudentTQuantile_ManyDegreesOfFreedom_ApproachesTheNormalQuantile() =>
        Assert.Equal(Distributions.NormalQuantile(0.975), Statistics.StudentTQuantile(0.975, 1e7), 1e-6);

    [Fact]
    public void NormalQuantile_AnyProbability_IsTheInverseOfTheCumulative() =>
        Gen.Double[1e-6, 1 - 1e-6].Sample(p => Assert.Equal(p, Distributions.NormalCumulative(Distributions.NormalQuantile(p)), 1e-13));

    [Theory]
    [InlineData(0.0, 5)]
    [InlineData(1.0, 5)]
    [InlineData(double.NaN, 5)]
    [InlineData(0.9, 0)]
    [InlineData(0.9, double.PositiveInfinity)]
    public void StudentTQuantile_OutsideItsRange_IsRefused(double probability, double degreesOfFreedom) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.StudentTQuantile(probability, degreesOfFreedom));

    private static double FiniteSum(double t, int degreesOfFreedom)
    {
        var angle = Math.Atan(t / Math.Sqrt(degreesOfFreedom));
        var (sine, cosine) = Math.SinCos(angle);
        var odd = degreesOfFreedom % 2 == 1;
        var (sum, term) = (0.0, odd ? cosine : 1.0);
        for (var power = odd ? 1 : 0; power <= degreesOfFreedom - 2; power += 2)
        {
            sum += term;
            term *= cosine * cosine * (power + 1) / (power + 2);
        }
        return 0.5 + (odd ? (angle + sine * sum) / Math.PI : sine * sum / 2);
    }
}
