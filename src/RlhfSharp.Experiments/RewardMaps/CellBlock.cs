using System.Globalization;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.QualityDiversity.Statistics;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What is known of every cell, as a table.</summary>
internal static class CellBlock
{
    public static TableBlock Of(MapSummary summary)
    {
        var k = summary.Recipe.BestOf;
        var labels = summary.State.Axes.Select(axis => axis.Name);
        return new TableBlock(
            $"Every cell of seed {summary.Seed}",
            string.Join(", ", labels),
            [
                new TableColumn("N", 0), new TableColumn("mean"), new TableColumn("sd"), new TableColumn("lower bound"), new TableColumn($"best of {k}"), new TableColumn("without flags"),
                new TableColumn("flagged", 0), new TableColumn("above it"),
            ],
            [.. Enumerable.Range(0, summary.State.Archive.CellCount).Select(cell => Row(summary, cell))],
            $"Best of {k}: expected best of {k} texts. Without flags: the highest reward of a text that has none. Above it: with 95% confidence at most this share of what the generator writes "
                + "without a parent is rewarded higher than the best of the first phase there.");
    }

    private static TableRow Row(MapSummary summary, int cell)
    {
        var (state, seen) = (summary.State, summary.State.Ledger.Cells[cell]);
        var placed = state.Events.Where(one => one.Outcome.Cell == cell).ToList();
        var independent = placed.Count(one => one.Solution.Step < summary.Recipe.StartSteps);
        return new TableRow(
            string.Join(", ", state.Archive.BinsOf(cell).Select((bin, axis) => state.Axes[axis].Bins.Labels[bin])),
            [
                seen.Count, Cell(seen.Mean), Cell(seen.StandardDeviation), Cell(seen.LowerBound), Cell(seen.ExpectedBestOf(summary.Recipe.BestOf)),
                Cell(summary.Flags.Clean.GetValueOrDefault(cell)?.Solution.Rewards[0]), placed.Count(one => summary.Flags[one.Solution.Id] != TextFlag.None),
                independent > 0 ? $"{(100 * BestOfK.MassAboveMaximum(independent)).ToString("F1", CultureInfo.InvariantCulture)}%" : TableCell.Empty,
            ]);
    }

    private static TableCell Cell(double? value) => value is { } number ? new Estimate(number) : TableCell.Empty;
}
