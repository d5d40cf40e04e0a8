using RlhfSharp.QualityDiversity.Intervals;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Draws the mean reward of each label, of one seed or over several.</summary>
internal static class MarginalPlots
{
    /// <summary>Makes a plot for each axis on which any text was placed.</summary>
    /// <param name="summary">For the axes.</param>
    /// <param name="metrics">Holds <c>marginal/AXIS/LABEL</c>.</param>
    /// <param name="intervals">By the same names, where there is one.</param>
    public static IReadOnlyList<(string Axis, IntervalPlot Plot)> Of(MapSummary summary, IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, Interval> intervals) =>
    [
        .. summary.State.Axes.Select(axis => (axis.Name, Rows: axis.Bins.Labels.Where(label => metrics.ContainsKey(Name(axis, label))).Select(label => Row(label, Name(axis, label), metrics, intervals)).ToList()))
            .Where(axis => axis.Rows.Count > 0)
            .Select(axis => (axis.Name, new IntervalPlot(
                $"{(summary.Recipe.Contrast is null ? "Mean reward" : "Mean difference of ranks")} by {axis.Name}, over all texts, with 95% intervals", MapFigures.ValueName(summary.Recipe), axis.Rows))),
    ];

    private static string Name(MapAxis axis, string label) => $"marginal/{axis.Name}/{label}";

    private static IntervalRow Row(string label, string name, IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, Interval> intervals) =>
        intervals.TryGetValue(name, out var interval) && double.IsFinite(interval.Low) && double.IsFinite(interval.High)
            ? new IntervalRow(label, metrics[name], interval.Low, interval.High)
            : new IntervalRow(label, metrics[name]);
}
