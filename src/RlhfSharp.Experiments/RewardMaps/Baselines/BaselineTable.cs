using RlhfSharp.Experiments.Reports;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The map beside its baselines, in a report.</summary>
internal static class BaselineTable
{
    public static IEnumerable<IReportBlock> Of(MapRecipe recipe, MapResult result)
    {
        if (recipe.Baselines.Count == 0)
        {
            yield break;
        }
        TableCell Cell(string name) => result.Metrics.TryGetValue(name, out var value)
            ? new Estimate(value, result.Intervals.TryGetValue(name, out var interval) ? interval : null) : TableCell.Empty;
        yield return new HeadingBlock("Against searches without a map");
        yield return new TableBlock(
            $"At {recipe.TotalSteps * recipe.BatchSize} texts each",
            "search",
            [new TableColumn("coverage"), new TableColumn("QD score"), new TableColumn("map minus it"), new TableColumn("highest reward")],
            [
                new TableRow("the map", [Cell("coverage"), Cell("qd_score"), TableCell.Empty, Cell("best")]),
                .. recipe.Baselines.Select(MapBaselines.Name).Select(name => new TableRow(
                    name, [Cell($"baseline/{name}/coverage"), Cell($"baseline/{name}/qd_score"), Cell($"baseline/{name}/qd_gain"), Cell($"baseline/{name}/best")])),
            ],
            "All share the first phase; map minus it: of QD scores. random: it goes on to the end. seed-rewrite: parents from the first phase only. quality-only: the parent is always the best text so far. "
                + (recipe.Seeds.Count > 1 ? "Means over seeds, differences paired by seed." : "One seed: how much of a difference is chance, this cannot tell."));
    }
}
