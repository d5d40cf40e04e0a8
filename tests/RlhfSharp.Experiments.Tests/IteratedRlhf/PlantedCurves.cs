using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

/// <summary>Curves whose course is known.</summary>
internal static class PlantedCurves
{
    public const int Prompts = 40;

    /// <summary>Makes points of an iteration: two prompts about each of twenty things; the given means, and things that differ by a constant of their own. KL is the step.</summary>
    public static List<IterationPoint> Points(params double[] gold) =>
    [
        .. gold.Select((mean, step) => new IterationPoint(
            1,
            step,
            10,
            new Dictionary<string, double> { ["kl"] = step, ["gap"] = 0, ["win_rate"] = 0.5, ["rank_correlation"] = 0, ["proxy/accuracy"] = 0.5 },
            [.. Enumerable.Range(0, Prompts).Select(prompt => mean + 0.01 * (prompt / 4 - 4.5))],
            [.. Enumerable.Range(0, Prompts).Select(prompt => prompt / 2)])
        {
            Proxy = [.. Enumerable.Repeat(mean, Prompts)],
            Kl = [.. Enumerable.Repeat((double)step, Prompts)],
            Wins = [.. Enumerable.Repeat(0.5, Prompts)],
        }),
    ];

    /// <summary>Makes a row with one seed.</summary>
    public static IterationTrack Track(string row, long seed, params double[] gold) => new(row, seed, OveroptimizationLaw.Reinforcement, Points(gold));

    /// <summary>Summarises rows as a session does.</summary>
    public static ExperimentSummary Summary(IReadOnlyList<IterationTrack> tracks, Func<string, double>? samples = null) => ExperimentSummary.Of([.. tracks.Select(track =>
    {
        var result = IterationCurve.Result(track.Points, track.Law);
        return (track.Row, track.Seed, result with { Metrics = new OrderedDictionary<string, double>(result.Metrics) { [IterationCost.SamplesMetric] = samples?.Invoke(track.Row) ?? 100, [RunResults.ComputeMetric] = 1000 } });
    })]);

    /// <summary>Names rows, the one that ends highest first.</summary>
    public static List<string> Ranked(ExperimentSummary summary) => [.. summary.Variants.OrderByDescending(row => summary.Metrics[ExperimentSummary.Key("gold/final", row)])];
}
