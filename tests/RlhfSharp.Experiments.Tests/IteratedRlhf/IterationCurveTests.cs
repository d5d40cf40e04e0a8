using RlhfSharp.Experiments.IteratedRlhf;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

public sealed class IterationCurveTests
{
    [Fact]
    public void Result_GoldRisesAndFalls_FindsThePeakAndTheFall()
    {
        var points = Points(0, 0.4, 0.9, 1.0, 0.9, 0.5, 0.2);

        var result = IterationCurve.Result(points);

        Assert.Equal(1.0, result.Metrics["gold/peak"], 1e-9);
        Assert.Equal(0.8, result.Metrics["gold/drop"], 1e-9);
        Assert.Equal(0.2, result.Metrics["gold/final"], 1e-9);
        Assert.Equal(3, result.Metrics["kl/onset"]);
        Assert.True(result.Intervals["gold/drop"].Low > 0);
    }

    [Fact]
    public void Result_GoldOnlyRises_HasNoFall()
    {
        var result = IterationCurve.Result(Points(0, 0.3, 0.5, 0.8));

        Assert.Equal(0, result.Metrics["gold/drop"], 1e-9);
        Assert.Equal(3, result.Metrics["kl/onset"]);
    }

    [Fact]   // one point that sticks out between low ones is noise
    public void Peak_SinglePointSticksOut_IsSmoothedAway() =>
        Assert.Equal(5, IterationCurve.Peak(Points(0, 1.2, 0, 0.1, 0.9, 1.0, 0.9, 0.4)).Step);

    // Twenty prompts; the given means, and prompts that differ by a constant of their own.
    private static List<IterationPoint> Points(params double[] gold) =>
    [
        .. gold.Select((mean, step) => new IterationPoint(
            1,
            step,
            10,
            new Dictionary<string, double> { ["kl"] = step, ["gap"] = 0, ["win_rate"] = 0.5, ["rank_correlation"] = 0, ["proxy/accuracy"] = 0.5 },
            [.. Enumerable.Range(0, 20).Select(prompt => mean + 0.01 * (prompt / 2 - 4.5))])),
    ];
}
