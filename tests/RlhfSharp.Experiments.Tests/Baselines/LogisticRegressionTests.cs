using CsCheck;
using RlhfSharp.Experiments.Baselines;

namespace RlhfSharp.Experiments.Tests.Baselines;

public sealed class LogisticRegressionTests
{
    // One row x = 1: the gradient λw − σ(−w) vanishes. With λ = σ(−1) = 0.2689414213699951 that is at w = 1.
    [Fact]
    public void Fit_OneRow_EqualsTheSolutionByHand() =>
        Assert.Equal(1, Assert.Single(LogisticRegression.Fit([[(0, 1.0)]], 1, 0.2689414213699951)), 1e-3);

    // Two rows x = 1 and one x = −1 without penalty to speak of: σ(w) = 2/3, w = log 2.
    [Fact]
    public void Fit_TwoToOne_IsTheLogOdds() =>
        Assert.Equal(Math.Log(2), Assert.Single(LogisticRegression.Fit([[(0, 1.0)], [(0, 1.0)], [(0, -1.0)]], 1, 1e-9)), 1e-3);

    [Fact]
    public void Fit_AnyRows_EndsWhereTheGradientVanishes() => Rows.Sample(rows =>
    {
        const double Penalty = 0.5;
        var weights = LogisticRegression.Fit(rows, 4, Penalty);
        double Loss(double[] at) => rows.Sum(row => LogisticRegression.RowLoss(LogisticRegression.Score(at, row))) + Penalty / 2 * at.Sum(w => w * w);

        // The loss is convex: where every small step raises it, it is least.
        for (var feature = 0; feature < 4; feature++)
        {
            foreach (var step in new[] { -0.02, 0.02 })
            {
                var moved = weights.ToArray();
                moved[feature] += step;
                Assert.True(Loss(moved) > Loss(weights));
            }
        }
    }, iter: 200, threads: 1);

    [Fact]
    public void Fit_NoRows_IsZero() => Assert.Equal([0, 0], LogisticRegression.Fit([], 2, 1));

    [Theory]
    [InlineData(0, 0.69314718055994531)]
    [InlineData(1000, 0)]
    [InlineData(-1000, 1000)]
    public void RowLoss_AnyScore_DoesNotOverflow(double score, double expected) => Assert.Equal(expected, LogisticRegression.RowLoss(score), 1e-12);

    private static Gen<(int Word, double Value)[][]> Rows =>
        Gen.Double[-3, 3].Array[4].Select(values => values.Select((value, word) => (word, value)).ToArray()).Array[1, 20];
}
