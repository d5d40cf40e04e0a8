using CsCheck;
using RlhfSharp.QualityDiversity.Archives;
using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.QualityDiversity.Tests.Statistics;

public sealed class QdScoreTests
{
    // Defect 3: a sum of raw logits fell when a cell was filled with a negative one.
    [Fact]
    public void QdScore_AnyAdds_NeverFalls() => Gen.Select(Gen.Double[-10, 10], Gen.Double[0, 1]).Array[1, 40].Sample(adds =>
    {
        var distribution = new EmpiricalDistribution([.. adds.Select(add => add.Item1)]);
        var archive = new GridArchive<int>([NumericAxis.Uniform("x", 0, 1, 6)], qdScoreOffset: -10);
        var (before, beforeShares) = (0.0, 0.0);
        foreach (var (objective, place) in adds)
        {
            archive.Add(0, objective, place);
            var (score, shares) = (archive.Statistics.QdScore, distribution.QdScore(archive.Select(elite => elite.Objective)));
            Assert.True(score >= before && shares >= beforeShares && shares <= archive.Count);
            (before, beforeShares) = (score, shares);
        }
    });

    [Fact]
    public void ShareAtOrBelow_AnyValue_CountsTheSample() => Gen.Select(Gen.Int[-5, 5].Array[1, 20], Gen.Int[-7, 7]).Sample((sample, value) =>
        Assert.Equal((double)sample.Count(one => one <= value) / sample.Length, new EmpiricalDistribution([.. sample.Select(one => (double)one)]).ShareAtOrBelow(value)));

    [Fact]
    public void EmpiricalDistribution_EmptyOrNaN_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new EmpiricalDistribution([]));
        Assert.Throws<ArgumentException>(() => new EmpiricalDistribution([1, double.NaN]));
    }

    // Elites 0 at x = 0 and 10 at x = 1, target at 0, objectives from -10 to 10, longest distance 2:
    // θ = 0: max(0.5, 1) = 1; θ = 1: max(0.5 - 0, 1 - 0.5) = 0.5; θ = 2: max(0.5, 1 - 1) = 0.5.
    [Fact]
    public void Cqd_TwoElites_IsWorkedOutByHand() =>
        Assert.Equal(2, CqdScore.Of([(0, [0.0]), (10, [1.0])], [[0]], [0, 1, 2], lowest: -10, highest: 10, longestDistance: 2), 1e-12);

    // pyribs' normalisation fails this: there a shift of all objectives changes the score.
    [Fact]
    public void Cqd_AllObjectivesShifted_StaysTheSame() =>
        Gen.Select(Gen.Double[-5, 5].Array[1, 6], Gen.Double[-3, 3].Array[1, 6], Gen.Double[-100, 100]).Sample((objectives, targets, shift) =>
        {
            double Score(double by) => CqdScore.Of(
                [.. objectives.Select((objective, index) => (objective + by, (IReadOnlyList<double>)[index * 0.5]))], [.. targets.Select(target => new[] { target })], [0, 0.5, 1], -5 + by, 5 + by, 6);
            Assert.Equal(Score(0), Score(shift), 1e-9);
        });

    [Fact]
    public void Cqd_NoElites_IsMinusInfinity() => Assert.Equal(double.NegativeInfinity, CqdScore.Of([], [[0]], [0], 0, 1, 1));
}
