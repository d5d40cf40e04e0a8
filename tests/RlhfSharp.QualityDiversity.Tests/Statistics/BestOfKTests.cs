using CsCheck;
using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.QualityDiversity.Tests.Statistics;

public sealed class BestOfKTests
{
    // Of {1, 2, 3} the pairs are {1, 2}, {1, 3}, {2, 3} with maxima 2, 3, 3.
    [Fact]
    public void Expected_ThreeValues_AreWorkedOutByHand()
    {
        Assert.Equal(8.0 / 3, BestOfK.Expected([3, 1, 2], 2), 1e-12);
        Assert.Equal(2, BestOfK.Expected([3, 1, 2], 1), 1e-12);
        Assert.Equal(3, BestOfK.Expected([3, 1, 2], 3), 1e-12);
    }

    // The second route: all subsets, one by one.
    [Fact]
    public void Expected_AnySample_IsTheMeanOverAllSubsets() => Gen.Select(Gen.Double[-5, 5].Array[1, 9], Gen.Int[1, 9]).Where((sample, k) => k <= sample.Length).Sample((sample, k) =>
    {
        var maxima = Enumerable.Range(0, 1 << sample.Length).Where(subset => int.PopCount(subset) == k)
            .Select(subset => sample.Where((_, index) => (subset >> index & 1) == 1).Max());
        Assert.Equal(maxima.Average(), BestOfK.Expected(sample, k), 1e-9);
    });

    [Fact]
    public void Expected_ManyValues_NeitherOverflowsNorVanishes() =>
        Assert.InRange(BestOfK.Expected([.. Enumerable.Range(1, 5000).Select(value => (double)value)], 100), 4950.5, 4951.5);   // k(n + 1)/(k + 1) = 4951.485

    // Quoted to three digits in the literature on best-of-n: 95% confidence.
    [Theory]
    [InlineData(10, 0.259)]
    [InlineData(20, 0.139)]
    [InlineData(100, 0.0295)]
    [InlineData(200, 0.0149)]
    public void MassAboveMaximum_KnownCounts_AreKnownShares(int draws, double expected) => Assert.Equal(expected, BestOfK.MassAboveMaximum(draws), 0.0005);

    // The largest of five exponential values is 1 + 1/2 + 1/3 + 1/4 + 1/5 on average. From samples of 12, 4,000 of them: no bias beyond four standard errors.
    [Fact]
    public void Expected_SimulatedSamples_IsTheTruthOnAverage()
    {
        const int Samples = 4000;
        var random = new NamedRandom(17, "best of k");
        double[] estimates = [.. Enumerable.Range(0, Samples).Select(_ => BestOfK.Expected([.. Enumerable.Range(0, 12).Select(_ => -Math.Log(1 - random.NextDouble()))], 5))];
        var mean = estimates.Average();
        var error = Math.Sqrt(estimates.Sum(value => (value - mean) * (value - mean)) / (Samples - 1.0) / Samples);
        Assert.InRange(mean, 137 / 60.0 - 4 * error, 137 / 60.0 + 4 * error);
    }

    // Values between 0 and 1: the mass above the largest of n is what is left to 1. The bound is exact, so it holds in 95% of samples, 4,000 of them within four standard errors.
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(200)]
    public void MassAboveMaximum_SimulatedSamples_HoldsAsOftenAsItSays(int draws)
    {
        const int Samples = 4000;
        var random = new NamedRandom(draws, "mass above");
        var bound = BestOfK.MassAboveMaximum(draws);
        var held = Enumerable.Range(0, Samples).Count(_ => 1 - Enumerable.Range(0, draws).Max(_ => random.NextDouble()) <= bound);
        var reach = 4 * Math.Sqrt(0.95 * 0.05 / Samples);
        Assert.InRange((double)held / Samples, 0.95 - reach, 0.95 + reach);
    }

    [Fact]
    public void Expected_TooFewValues_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => BestOfK.Expected([1, 2], 3));
}
