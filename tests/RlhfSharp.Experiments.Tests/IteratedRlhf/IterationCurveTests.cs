using RlhfSharp.Experiments.IteratedRlhf;
using static RlhfSharp.Experiments.Tests.IteratedRlhf.PlantedCurves;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

public sealed class IterationCurveTests
{
    [Fact]
    public void Result_GoldRisesAndFalls_FindsThePeakAndTheFall()
    {
        var points = Points(0, 0.4, 0.9, 1.0, 0.9, 0.5, 0.2);

        var result = IterationCurve.Result(points, OveroptimizationLaw.Reinforcement);

        Assert.Equal(1.0, result.Metrics["gold/peak"], 1e-9);
        Assert.Equal(0.8, result.Metrics["gold/drop"], 1e-9);
        Assert.Equal(0.2, result.Metrics["gold/final"], 1e-9);
        Assert.Equal(3, result.Metrics["kl/onset"]);
        Assert.True(result.Intervals["gold/drop"].Low > 0);
    }

    [Fact]
    public void Result_GoldOnlyRises_HasNoFall()
    {
        var result = IterationCurve.Result(Points(0, 0.3, 0.5, 0.8), OveroptimizationLaw.Reinforcement);

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

        var result = IterationCurve.Result(points, OveroptimizationLaw.Reinforcement);

        Assert.Equal(1, IterationCurve.Peak(points).Step);   // smoothed: (0 + 9 + 9) / 3, as high as its neighbour, and before it
        Assert.Equal(1, result.Metrics["gold/peak"], 1e-9);
        Assert.Equal(1 - 5, result.Metrics["gold/drop"], 1e-9);
    }

    [Fact]   // twenty things, ten in the half that locates
    public void Result_SharpPeak_OnsetHasANarrowInterval()
    {
        var sharp = IterationCurve.Result(Points(0, 1, 2, 3, 2, 1, 0), OveroptimizationLaw.Reinforcement);

        Assert.Equal(3, sharp.Intervals["kl/onset"].Low);
        Assert.Equal(3, sharp.Intervals["kl/onset"].High);
    }

    [Fact]   // each thing has a peak of its own, so where the peak of all lies depends on which things were asked about
    public void Result_FlatPeak_OnsetHasAWideInterval()
    {
        var points = Points(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        var curve = points.ConvertAll(point => point with { Gold = [.. point.Groups.Select(thing => -0.1 * Math.Abs(point.Step - (thing * 7 % 20 / 2.0)))] });

        var interval = IterationCurve.Result(curve, OveroptimizationLaw.Reinforcement).Intervals["kl/onset"];

        Assert.InRange(interval.Low, 0, 4);
        Assert.InRange(interval.High, 5, 9);
    }

    [Fact]   // R = d(1.2 − 0.4 log d) with d² = 0, 1, 2, …, and an iteration before it that does not count
    public void Result_LawIsPlanted_FitsTheLastIteration()
    {
        var last = Points([.. Enumerable.Range(0, 9).Select(kl => kl == 0 ? 0 : Math.Sqrt(kl) * (1.2 - 0.2 * Math.Log(kl)))]).ConvertAll(point => point with { Iteration = 2 });

        var result = IterationCurve.Result([.. Points(0, 5, 1), .. last], OveroptimizationLaw.Reinforcement);

        Assert.Equal(1.2, result.Metrics["fit/alpha"], 0.03);   // things differ by a constant of their own, whose mean is not quite 0
        Assert.Equal(0.4, result.Metrics["fit/beta"], 0.03);
        Assert.InRange(result.Metrics["fit/residual"], 0, 0.01);
        Assert.True(result.Intervals["fit/alpha"].Contains(1.2));
        Assert.True(result.Intervals["fit/beta"].Contains(0.4));
    }

    [Fact]   // forty prompts about four things are no forty independent ones
    public void Result_FewThings_WidenTheInterval()
    {
        var points = Points(0, 1);
        var alike = points[1] with { Gold = [.. Enumerable.Range(0, Prompts).Select(prompt => prompt < Prompts / 2 ? 0.0 : 1.0)] };
        double Width(IReadOnlyList<int> groups)
        {
            var interval = IterationCurve.Result([points[0] with { Groups = groups }, alike with { Groups = groups }], OveroptimizationLaw.Reinforcement).Intervals["gold/final"];
            return interval.High - interval.Low;
        }

        Assert.True(Width([.. Enumerable.Range(0, Prompts).Select(prompt => prompt / (Prompts / 4))]) > 3 * Width([.. Enumerable.Range(0, Prompts)]));
    }
}
