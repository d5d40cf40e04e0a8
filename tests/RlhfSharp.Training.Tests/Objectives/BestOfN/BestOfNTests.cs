using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Training.Tests.Objectives;

public sealed class BestOfNTests
{
    private const int Draws = 200_000;

    [Theory]   // Gao et al. 2022: 10 nats at n = 60,000
    [InlineData(1, 0)]
    [InlineData(2, 0.193147)]
    [InlineData(16, 1.835089)]
    [InlineData(1000, 5.908755)]
    [InlineData(60_000, 10.002117)]
    public void Divergence_WorkedOutByHand(int samples, double expected) => Assert.Equal(expected, BestOfN.Divergence(samples), 1e-6);

    [Theory]   // of scores that never tie: the mean of log(p_best / p) over bests that were really chosen among n
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(32)]
    public void Divergence_BestsAreDrawn_IsTheirMeanLogRatio(int samples)
    {
        var random = new NamedRandom(7, "best-of-n");
        var sum = 0.0;
        for (var draw = 0; draw < Draws; draw++)
        {
            var best = Enumerable.Range(0, samples).Max(_ => random.NextDouble());   // a score's rank among all answers, from 0 to 1
            sum += Math.Log(samples) + (samples - 1) * Math.Log(best);   // its density as a best is n·rank^(n − 1), as a sample 1
        }
        Assert.Equal(BestOfN.Divergence(samples), sum / Draws, 0.01);   // the log ratio's deviation is below 1: four standard errors
    }

    [Theory]   // a model that knows few answers says the best one often by itself
    [InlineData(2)]
    [InlineData(16)]
    public void Divergence_TextsRepeat_IsABound(int samples)
    {
        const int Answers = 5;
        var random = new NamedRandom(8, "best-of-n");
        var bests = new int[Answers];
        for (var draw = 0; draw < Draws; draw++)
        {
            bests[Enumerable.Range(0, samples).Max(_ => random.Next(Answers))]++;
        }
        var divergence = bests.Where(count => count > 0).Sum(count => (double)count / Draws * Math.Log((double)count / Draws * Answers));

        Assert.InRange(divergence, 0, 0.95 * BestOfN.Divergence(samples));
        Assert.InRange(divergence, 0, Math.Log(Answers));   // all weight on one answer of five
    }

    [Fact]
    public void Expected_AllChoicesOfThree_IsTheirMean()
    {
        double[] scores = [0.3, 2, -1, 0.5, 1, -0.2], values = [5, -4, 3, 2, 1, 7];
        var bests = from a in Enumerable.Range(0, 6) from b in Enumerable.Range(0, a) from c in Enumerable.Range(0, b) select new[] { a, b, c }.MaxBy(i => scores[i]);

        Assert.Equal(bests.Average(best => values[best]), BestOfN.Expected(scores, values, 3), 1e-12);
        Assert.Equal(values.Average(), BestOfN.Expected(scores, values, 1), 1e-12);
        Assert.Equal(-4, BestOfN.Expected(scores, values, 6), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Expected_MoreThanThereAre_IsAnError(int samples) => Assert.Throws<ArgumentOutOfRangeException>(() => BestOfN.Expected([1, 2, 3], [1, 2, 3], samples));

    [Fact]
    public void Expected_LengthsDiffer_IsAnError() =>
        Assert.StartsWith("There are 2 scores and 3 values", Assert.Throws<ArgumentException>(() => BestOfN.Expected([1, 2], [1, 2, 3], 1)).Message, StringComparison.Ordinal);
}
