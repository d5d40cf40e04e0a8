using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

public sealed class LawFitTests
{
    private const double Alpha = 0.9;
    private const double Beta = 0.35;
    private static readonly double[] Distances = [0, 0.4, 0.9, 1.5, 2.1, 2.8, 3.6, 4.5];

    // Written out, not by the class under test.
    private static double Law(OveroptimizationLaw law, double d) => d == 0 ? 0 : law == OveroptimizationLaw.BestOfN ? d * (Alpha - Beta * d) : d * (Alpha - Beta * Math.Log(d));

    [Theory]
    [InlineData(nameof(OveroptimizationLaw.BestOfN))]
    [InlineData(nameof(OveroptimizationLaw.Reinforcement))]
    public void Of_PointsOnTheLaw_RecoversItsCoefficients(string name)
    {
        var law = Enum.Parse<OveroptimizationLaw>(name);

        var fit = LawFit.Of(law, Distances, [.. Distances.Select(d => Law(law, d))])!;

        Assert.Equal(Alpha, fit.Alpha, 1e-9);
        Assert.Equal(Beta, fit.Beta, 1e-9);
        Assert.Equal(0, fit.Residual, 1e-9);
        Assert.All(Distances, d => Assert.Equal(Law(law, d), fit.At(d), 1e-9));
    }

    [Fact]   // 4,000 points with noise of 0.2: β's standard error is about 0.002, the deviation's 0.002
    public void Of_NoisyPoints_FindsTheNoise()
    {
        var random = new NamedRandom(3, "noise");
        double[] distances = [.. Enumerable.Range(0, 4000).Select(i => 0.1 + i * 0.001)];

        var fit = LawFit.Of(OveroptimizationLaw.Reinforcement, distances, [.. distances.Select(d => Law(OveroptimizationLaw.Reinforcement, d) + 0.2 * random.NextGaussian())])!;

        Assert.Equal(Alpha, fit.Alpha, 0.01);
        Assert.Equal(Beta, fit.Beta, 0.01);
        Assert.Equal(0.2, fit.Residual, 0.01);
    }

    [Theory]
    [InlineData(new[] { 0, 0.5, 1 })]           // two points and two coefficients leave nothing to judge by
    [InlineData(new[] { 1.5, 1.5, 1.5, 1.5 })]  // one place
    [InlineData(new[] { 0.0, 0, 0, 0 })]        // nobody has left the start
    public void Of_TooLittleToGoBy_IsNoFit(double[] distances) => Assert.Null(LawFit.Of(OveroptimizationLaw.Reinforcement, distances, distances));

    [Fact]
    public void Of_FewThings_HasNoInterval()
    {
        var (fit, alpha, beta) = LawFit.Of(OveroptimizationLaw.Reinforcement, Points(new NamedRandom(1, "few"), things: 9));

        Assert.NotNull(fit);
        Assert.Null(alpha);
        Assert.Null(beta);
    }

    [Theory]   // 1,000 data sets of 24 things: a share of 0.95 has a standard error of 0.007
    [InlineData(nameof(OveroptimizationLaw.BestOfN))]
    [InlineData(nameof(OveroptimizationLaw.Reinforcement))]
    public void Of_ManyDataSets_IntervalsHoldTheTruthNineteenTimesOfTwenty(string name)
    {
        const int DataSets = 1000;
        var law = Enum.Parse<OveroptimizationLaw>(name);
        var covered = new int[2];
        Parallel.For(0, DataSets, set =>
        {
            var (_, alpha, beta) = LawFit.Of(law, Points(new NamedRandom(set, "coverage"), things: 24, law));
            Interlocked.Add(ref covered[0], alpha!.Value.Contains(Alpha) ? 1 : 0);
            Interlocked.Add(ref covered[1], beta!.Value.Contains(Beta) ? 1 : 0);
        });

        Assert.All(covered, count => Assert.InRange((double)count / DataSets, 0.92, 0.975));
    }

    // Things differ in how much can be gained on them, and prompts in how far the policy goes.
    private static List<IterationPoint> Points(NamedRandom random, int things, OveroptimizationLaw law = OveroptimizationLaw.Reinforcement)
    {
        int[] groups = [.. Enumerable.Range(0, 2 * things).Select(prompt => prompt / 2)];
        double[] offsets = [.. Enumerable.Range(0, things).Select(_ => 0.3 * random.NextGaussian())];
        return
        [
            .. Distances.Select((d, step) => new IterationPoint(
                1, step, 0, new Dictionary<string, double>(), [.. groups.Select(thing => Law(law, d) + d / 4 * offsets[thing] + 0.5 * random.NextGaussian())], groups)
            {
                Proxy = [],
                Kl = [.. groups.Select(_ => d * d * (1 + 0.2 * random.NextGaussian()))],
                Wins = [],
            }),
        ];
    }
}
