using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Training.Tests.Metrics;

/// <summary>A 95% interval must hold the truth in 95 of 100 data sets.</summary>
/// <remarks>The seeds are fixed, so nothing flickers. The share over 2,000 data sets has a standard error of 0.5 points; the bounds
/// allow for that and for what theory leaves open.</remarks>
public sealed class CoverageTests
{
    private const int DataSets = 2000;

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    public void Wilson_IndependentTrialsAtManyRates_CoversTheRate(int trials)
    {
        // Counts are discrete, so a single rate may lie two points off; theory promises 95% on average over rates (Brown et al. 2001).
        var coverage = Coverage("wilson", random =>
        {
            var rate = random.NextDouble();
            return Statistics.Wilson(Enumerable.Range(0, trials).Count(_ => random.NextDouble() < rate), trials).Contains(rate);
        });
        Assert.InRange(coverage, 0.935, 0.965);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void StudentT_NormalSeeds_CoversTheMean(int seeds)
    {
        var coverage = Coverage("student", 0.7, random => Statistics.StudentT(Normal(random, seeds, 0.7, 0.1)));
        Assert.InRange(coverage, 0.935, 0.965);
    }

    [Fact]
    public void PairedDifference_SeedsMoveBothMethods_CoversTheDifference()
    {
        var coverage = Coverage("paired", 0.05, random =>
        {
            var shared = Normal(random, 4, 0.5, 1);   // the seed's own effect, twenty times the difference
            double[] first = [.. shared.Zip(Normal(random, 4, 0.05, 0.05), (seed, noise) => seed + noise)];
            double[] second = [.. shared.Zip(Normal(random, 4, 0, 0.05), (seed, noise) => seed + noise)];
            return Statistics.PairedDifference(first, second);
        });
        Assert.InRange(coverage, 0.935, 0.965);
    }

    [Theory]
    [InlineData(10, false)]
    [InlineData(20, true)]
    [InlineData(60, true)]
    public void BootstrapMean_NormalClusters_CoversTheMean(int clusters, bool ragged)
    {
        var coverage = Coverage("bootstrap", 2, random => Interval(random, clusters, ragged, r => 2 + r.NextGaussian()));
        Assert.InRange(coverage, 0.93, 0.97);
    }

    [Fact]
    public void BootstrapMean_SkewedClusters_CoversTheMean()
    {
        var coverage = Coverage("skewed", 1, random => Interval(random, 60, ragged: true, r => -Math.Log(1 - r.NextDouble())));
        Assert.InRange(coverage, 0.92, 0.97);   // an exponential's skewness costs about a point at 60 clusters
    }

    [Fact]
    public void BootstrapPairedDifference_PromptsMoveBothMethods_CoversTheDifference()
    {
        var coverage = Coverage("paired-bootstrap", 0.1, random =>
        {
            var prompts = Normal(random, 25, 0, 1);
            int[] clusters = [.. Enumerable.Range(0, 100).Select(sample => sample / 4)];
            var shift = Normal(random, 25, 0.1, 0.1);   // how much a prompt favours the first method
            double[] first = [.. clusters.Select(c => prompts[c] + shift[c] + 0.3 * random.NextGaussian())];
            double[] second = [.. clusters.Select(c => prompts[c] + 0.3 * random.NextGaussian())];
            return Statistics.BootstrapPairedDifference(first, second, clusters, seed: 1);
        });
        Assert.InRange(coverage, 0.93, 0.97);
    }

    [Fact]
    public void ClusteredMean_SixClusters_CoversTheMean()
    {
        var coverage = Coverage("few", 2, random => Interval(random, 6, ragged: false, r => 2 + r.NextGaussian()));
        Assert.InRange(coverage, 0.93, 0.97);
    }

    [Fact]
    public void StudentT_IgnoringClusters_WouldNotCoverTheMean()
    {
        // What clustering is for: treating the samples of one prompt as independent gives intervals that are far too narrow.
        var coverage = Coverage("naive", 0, random =>
        {
            var prompts = Normal(random, 20, 0, 1);
            return Statistics.StudentT([.. Enumerable.Range(0, 100).Select(i => prompts[i / 5] + 0.2 * random.NextGaussian())]);
        });
        Assert.True(coverage < 0.75);
    }

    private static double Coverage(string purpose, double truth, Func<NamedRandom, Interval> draw) =>
        Coverage(purpose, random => draw(random).Contains(truth));

    private static double Coverage(string purpose, Func<NamedRandom, bool> holdsTruth) =>
        Enumerable.Range(0, DataSets).Count(i => holdsTruth(new NamedRandom(17, purpose, i))) / (double)DataSets;

    private static double[] Normal(NamedRandom random, int count, double mean, double deviation) =>
        [.. Enumerable.Range(0, count).Select(_ => mean + deviation * random.NextGaussian())];

    // Clusters of three samples, or ragged ones of one to five, that share the drawn centre. Sizes do not depend on it, so the truth
    // is the centre's mean.
    private static Interval Interval(NamedRandom random, int clusters, bool ragged, Func<NamedRandom, double> centre)
    {
        var (values, labels) = (new List<double>(), new List<int>());
        for (var cluster = 0; cluster < clusters; cluster++)
        {
            var middle = centre(random);
            for (var left = ragged ? 1 + random.Next(5) : 3; left > 0; left--)
            {
                values.Add(middle + 0.5 * random.NextGaussian());
                labels.Add(cluster);
            }
        }
        return Statistics.ClusteredMean(values.ToArray(), labels.ToArray(), seed: 1);
    }
}
