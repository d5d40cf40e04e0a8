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

    [Fact]   // the first half lures to the first point; what counts is measured on the other
    public void Result_HalvesDiffer_LocatesOnOneAndMeasuresOnTheOther()
    {
        var points = Points(0, 0, 0, 0);
        double[] Of(double first, double second) => [.. Enumerable.Range(0, Prompts).Select(prompt => prompt / 2 % 2 == 0 ? first : second)];
        points[1] = points[1] with { Gold = Of(9, 1) };
        points[2] = points[2] with { Gold = Of(9, 2) };
        points[3] = points[3] with { Gold = Of(0, 5) };

        var result = IterationCurve.Result(points);

        Assert.Equal(1, IterationCurve.Peak(points).Step);   // smoothed: (0 + 9 + 9) / 3, as high as its neighbour, and before it
        Assert.Equal(1, result.Metrics["gold/peak"], 1e-9);
        Assert.Equal(1 - 5, result.Metrics["gold/drop"], 1e-9);
    }

    [Fact]   // forty prompts about four things are no forty independent ones
    public void Result_FewThings_WidenTheInterval()
    {
        var points = Points(0, 1);
        var alike = points[1] with { Gold = [.. Enumerable.Range(0, Prompts).Select(prompt => prompt < Prompts / 2 ? 0.0 : 1.0)] };
        double Width(IReadOnlyList<int> groups)
        {
            var interval = IterationCurve.Result([points[0] with { Groups = groups }, alike with { Groups = groups }]).Intervals["gold/final"];
            return interval.High - interval.Low;
        }

        Assert.True(Width([.. Enumerable.Range(0, Prompts).Select(prompt => prompt / (Prompts / 4))]) > 3 * Width([.. Enumerable.Range(0, Prompts)]));
    }

    private const int Prompts = 40;

    // Two prompts about each of twenty things; the given means, and things that differ by a constant of their own.
    private static List<IterationPoint> Points(params double[] gold) =>
    [
        .. gold.Select((mean, step) => new IterationPoint(
            1,
            step,
            10,
            new Dictionary<string, double> { ["kl"] = step, ["gap"] = 0, ["win_rate"] = 0.5, ["rank_correlation"] = 0, ["proxy/accuracy"] = 0.5 },
            [.. Enumerable.Range(0, Prompts).Select(prompt => mean + 0.01 * (prompt / 4 - 4.5))],
            [.. Enumerable.Range(0, Prompts).Select(prompt => prompt / 2)])),
    ];
}
