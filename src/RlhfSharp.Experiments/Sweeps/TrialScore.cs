using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>What a trial measured at one step.</summary>
/// <param name="Step">The number of updates.</param>
/// <param name="Value">The sweep's metric, mean over seeds.</param>
/// <param name="Shortfall">How far the bars are missed: the sum of shortfalls, each relative to its bound. 0 where all are met.</param>
/// <param name="Metrics">All that was measured, means over seeds.</param>
public sealed record TrialScore(int Step, double Value, double Shortfall, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>Gets whether every bar is met.</summary>
    public bool MeetsBars => Shortfall == 0;

    /// <summary>Makes the score of a trial.</summary>
    /// <param name="sweep">Names metric and bars.</param>
    /// <param name="step">The number of updates.</param>
    /// <param name="runs">Of each run of the trial, what was measured before training and now; what is no number is not there.</param>
    /// <exception cref="InputException">A metric is not measured, or is no number.</exception>
    internal static TrialScore Of(
        SweepOptions sweep, int step, IReadOnlyList<(IReadOnlyDictionary<string, double> Start, IReadOnlyDictionary<string, double> Now)> runs)
    {
        var (start, now) = (Mean([.. runs.Select(run => run.Start)]), Mean([.. runs.Select(run => run.Now)]));
        double Read(IReadOnlyDictionary<string, double> metrics, string name) => metrics.TryGetValue(name, out var value) ? value
            : throw new InputException($"'{name}' was not measured, or is no number, at step {(ReferenceEquals(metrics, start) ? 0 : step)}. {NearestName.Hint(name, metrics.Keys)}");
        var shortfall = sweep.Bars.Sum(bar => bar.Shortfall(Read(now, bar.Metric), bar.OfStart is null ? 1 : Read(start, bar.OfStart)));
        return new TrialScore(step, Read(now, sweep.Metric), shortfall, now);
    }

    /// <summary>Compares two scores of one sweep: less than 0 where the first is better.</summary>
    /// <remarks>What meets all bars is better than what does not, what misses them by less is better than what misses them by more, and among equals the metric
    /// decides (Deb 2000, https://doi.org/10.1016/S0045-7825(99)00389-8).</remarks>
    internal static int Compare(TrialScore first, TrialScore second, SweepGoal goal) =>
        first.Shortfall != second.Shortfall ? first.Shortfall.CompareTo(second.Shortfall)
        : goal == SweepGoal.Minimize ? first.Value.CompareTo(second.Value)
        : second.Value.CompareTo(first.Value);

    private static OrderedDictionary<string, double> Mean(IReadOnlyList<IReadOnlyDictionary<string, double>> runs) => new(
        runs[0].Keys.Where(name => runs.All(run => run.ContainsKey(name))).Select(name => KeyValuePair.Create(name, runs.Average(run => run[name]))));
}
