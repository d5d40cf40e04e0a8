using CsCheck;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Training.Tests.Metrics;

public sealed class StatisticsTests
{
    [Fact]
    public void MeanAndStandardDeviation_FewValues_EqualThoseWorkedOutByHand()
    {
        double[] values = [2, 4, 4, 4, 5, 5, 7, 9];   // deviations −3 −1 −1 −1 0 0 2 4: squares sum to 32
        Assert.Equal(5, Statistics.Mean(values));
        Assert.Equal(Math.Sqrt(32 / 7.0), Statistics.StandardDeviation(values), 1e-15);
    }

    // 81 of 263 is the example of Newcombe 1998, table I, which prints .2553 to .3662; the others there: 15/148, 0/20, 1/29.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilson_PublishedExample_IsMetToFourDigits(long successes, long trials, double low, double high)
    {
        var interval = Statistics.Wilson(successes, trials);
        Assert.Equal(low, interval.Low, 5e-5);
        Assert.Equal(high, interval.High, 5e-5);
    }

    [Fact]
    public void Wilson_AnyCounts_StaysInsideTheUnitIntervalAndMirrorsItself() =>
        (from trials in Gen.Int[1, 500] from successes in Gen.Int[0, trials] select (successes, trials)).Sample(t =>
        {
            var interval = Statistics.Wilson(t.successes, t.trials);
            var mirrored = Statistics.Wilson(t.trials - t.successes, t.trials);
            Assert.InRange(interval.Low, 0, (double)t.successes / t.trials);
            Assert.InRange(interval.High, (double)t.successes / t.trials, 1);
            Assert.Equal(1 - interval.High, mirrored.Low, 1e-12);
        });

    [Fact]
    public void StudentT_ThreeSeeds_EqualsTheValueWorkedOutByHand()
    {
        // Mean 0.986, deviations 0.004, −0.003, −0.001: s² = 26e-6/2, s/√3 = 0.00208167; times 4.30265273 = 0.00895669.
        var interval = Statistics.StudentT([0.990, 0.983, 0.985]);
        Assert.Equal(0.986 - 0.00895669, interval.Low, 1e-7);
        Assert.Equal(0.986 + 0.00895669, interval.High, 1e-7);
    }

    [Fact]
    public void PairedDifference_SharedSeedEffect_CancelsOut()
    {
        // The seeds differ by far more than the methods; only the differences 0.1, 0.2, 0.3 count.
        var interval = Statistics.PairedDifference([10.1, 20.2, 30.3], [10, 20, 30]);
        var expected = Statistics.StudentT([0.1, 0.2, 0.3]);
        Assert.Equal(expected.Low, interval.Low, 1e-12);
        Assert.Equal(expected.High, interval.High, 1e-12);
    }

    [Fact]
    public void BootstrapMean_SameSeed_IsTheSameInterval_AndTheOrderOfSamplesDoesNotMatter()
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => (i * 37 % 60) * 0.25)];
        int[] clusters = [.. Enumerable.Range(0, 60).Select(i => i / 4)];
        var interval = Statistics.BootstrapMean(values, clusters, seed: 3);

        Assert.Equal(interval, Statistics.BootstrapMean(values, clusters, seed: 3));
        Assert.NotEqual(interval, Statistics.BootstrapMean(values, clusters, seed: 4));
        Assert.Equal(interval, Statistics.BootstrapMean([.. values.Reverse()], [.. clusters.Reverse()], seed: 3));
        Assert.True(interval.Contains(Statistics.Mean(values)));
    }

    [Fact]
    public void BootstrapMean_SamplesRepeatedInsideTheirCluster_DoesNotGetNarrower()
    {
        // 16 prompts with one answer each, and the same with each answer written down five times: nothing was learnt.
        double[] once = [.. Enumerable.Range(0, 16).Select(i => Math.Sin(i * 1.7))];
        int[] prompts = [.. Enumerable.Range(0, 16)];
        double[] fiveTimes = [.. once.SelectMany(value => Enumerable.Repeat(value, 5))];
        int[] fivePrompts = [.. prompts.SelectMany(prompt => Enumerable.Repeat(prompt, 5))];

        var expected = Statistics.BootstrapMean(once, prompts, seed: 1);
        var interval = Statistics.BootstrapMean(fiveTimes, fivePrompts, seed: 1);

        Assert.Equal(expected.Low, interval.Low, 1e-12);
        Assert.Equal(expected.High, interval.High, 1e-12);
    }

    [Fact]
    public void BootstrapMean_ValuesAllEqual_IsThePoint() =>
        Assert.Equal(new Interval(2, 2), Statistics.BootstrapMean(Enumerable.Repeat(2.0, 20).ToArray(), [.. Enumerable.Range(0, 20)], 1));

    [Fact]
    public void BootstrapMean_FewerThanTenClusters_IsRefused()
    {
        double[] values = [.. Enumerable.Range(0, 90).Select(i => (double)i)];
        int[] clusters = [.. Enumerable.Range(0, 90).Select(i => i % 9)];
        var error = Assert.Throws<ArgumentException>(() => Statistics.BootstrapMean(values, clusters, 1));
        Assert.Equal("A bootstrap needs at least 10 clusters, got 9.", error.Message);
        Assert.Throws<ArgumentException>(() => Statistics.BootstrapPairedDifference(values, values, clusters, 1));
    }

    [Fact]
    public void ClusteredMean_FewerThanTenClustersOfOneSize_IsStudentsIntervalOfTheirMeans()
    {
        var interval = Statistics.ClusteredMean([1, 3, 4, 6, 9, 9], [0, 0, 1, 1, 2, 2], seed: 1);   // cluster means 2, 5, 9
        var expected = Statistics.StudentT([2, 5, 9]);
        Assert.Equal(expected.Low, interval.Low, 1e-12);
        Assert.Equal(expected.High, interval.High, 1e-12);
    }

    [Fact]
    public void ClusteredMean_TenClusters_IsTheBootstrap()
    {
        double[] values = [.. Enumerable.Range(0, 10).Select(i => Math.Cos(i))];
        int[] clusters = [.. Enumerable.Range(0, 10)];
        Assert.Equal(Statistics.BootstrapMean(values, clusters, 5), Statistics.ClusteredMean(values, clusters, 5));
    }

    [Fact]
    public void AreaUnderCurve_WithTies_CountsThemHalf() =>
        // Pairs (3,1) (3,2) won, (3,3) tied, (2,1) won, (2,2) tied, (2,3) lost: 4 of 6.
        Assert.Equal(4 / 6.0, Statistics.AreaUnderCurve([3, 2], [1, 2, 3]), 1e-15);

    [Fact]
    public void AreaUnderCurve_AnyScores_EqualsCountingAllPairs()
    {
        var scores = Gen.Int[0, 6].Select(score => (double)score).Array[1, 30];
        Gen.Select(scores, scores).Sample((positives, negatives) =>
        {
            var wins = positives.Sum(p => negatives.Sum(n => p > n ? 1 : p == n ? 0.5 : 0));
            Assert.Equal(wins / (positives.Length * negatives.Length), Statistics.AreaUnderCurve(positives, negatives), 1e-12);
        });
    }

    [Fact]
    public void Functions_TooLittleOrUnfitData_SayWhatTheyNeed()
    {
        Assert.Equal("A mean needs at least 1 value, got 0.", Assert.Throws<ArgumentException>(() => Statistics.Mean([])).Message);
        Assert.Throws<ArgumentException>(() => Statistics.StandardDeviation([1]));
        Assert.Throws<ArgumentException>(() => Statistics.StudentT([1]));
        Assert.Throws<ArgumentException>(() => Statistics.ClusteredMean([1, 2], [7, 7], 1));
        Assert.Throws<ArgumentException>(() => Statistics.AreaUnderCurve([1], []));
        Assert.Throws<ArgumentException>(() => Statistics.AreaUnderCurve([double.NaN], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Wilson(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Wilson(3, 2));
        Assert.Contains("first has 2 values, second 1", Assert.Throws<ArgumentException>(() => Statistics.PairedDifference([1, 2], [1])).Message);
        Assert.Contains("one cluster per value", Assert.Throws<ArgumentException>(() => Statistics.ClusteredMean([1, 2], [1], 1)).Message);
    }
}
