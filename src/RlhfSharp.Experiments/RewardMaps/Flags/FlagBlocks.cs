using RlhfSharp.Experiments.Reports;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What a report says of flags: how many texts each marks, and what the map is without them.</summary>
internal static class FlagBlocks
{
    public static IEnumerable<IReportBlock> Of(MapSummary first)
    {
        var flags = TextFlags.All.Where(flag => flag != TextFlag.EditDrop || first.AreEditsChecked).ToList();
        var elites = first.State.Archive.Select(elite => first.Flags[elite.Solution.Id]).ToList();
        yield return new TextBlock("A flag is a reason to look at a text, not a proof that the reward model was fooled. The filtered map is made of the texts that have none.");
        yield return new TableBlock(
            $"Texts with each flag, of seed {first.Seed}",
            "flag",
            [new TableColumn("texts", 0), new TableColumn("best texts of cells", 0)],
            [
                .. flags.Select(flag => new TableRow(
                    $"{TextFlags.Name(flag)}: {TextFlags.Meaning(flag)}", [first.Metrics[$"flagged/{TextFlags.Name(flag)}"], elites.Count(one => one.HasFlag(flag))])),
                new TableRow("any", [first.Metrics["flagged"], elites.Count(one => one != TextFlag.None)]),
            ]);
        yield return new TableBlock(
            "The map with and without flagged texts",
            "map",
            [new TableColumn("cells with a text (share)"), new TableColumn("QD score"), new TableColumn("highest reward")],
            [
                new TableRow("all texts", [(double)first.State.Archive.Count / first.State.Archive.CellCount, Metric(first, "qd_score"), Metric(first, "best")]),
                new TableRow("without flags", [first.Metrics["filtered/coverage"], Metric(first, "filtered/qd_score"), Metric(first, "filtered/best")]),
            ],
            $"Of seed {first.Seed}.");
    }

    private static TableCell Metric(MapSummary summary, string name) => summary.Metrics.TryGetValue(name, out var value) ? value : TableCell.Empty;
}
