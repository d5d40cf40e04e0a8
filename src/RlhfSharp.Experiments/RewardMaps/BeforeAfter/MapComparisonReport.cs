using System.Globalization;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.QualityDiversity.HeatMaps;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes the report of a comparison of two maps.</summary>
internal static class MapComparisonReport
{
    private const int MostPairs = 4;

    public static void Write(string path, FinishedMap before, FinishedMap after, IReadOnlyList<RewardChange> changes, MapResult result)
    {
        List<IReportBlock> blocks =
        [
            new VerdictBlock(string.Join("\n\n", result.Conclusions.Select(conclusion => $"{conclusion}."))),
            new TextBlock($"Before: {Writer(before)}. After: {Writer(after)}. Both were asked for the same texts, number for number, and only texts without a parent are compared: those with one "
                + $"depend on what a search found. {result.Metrics["pairs"]:F0} requests of the first seed were answered with a text on the map by both. Texts that a generator wrote twice count twice "
                + $"({result.Metrics["duplicates/before"]:F0} were written again before, {result.Metrics["duplicates/after"]:F0} after)."),
            .. result.Metrics.TryGetValue("change_length", out var length)
                ? [new TableBlock(
                    "Length of the texts, in characters", "change",
                    [new TableColumn("after − before")],
                    [new TableRow("mean length", [new Estimate(length, result.Intervals.TryGetValue("change_length", out var interval) ? interval : null)])],
                    "Reward models often like long texts: where length changes with the reward, this comparison cannot tell which of the two was learnt.")]
                : Array.Empty<IReportBlock>(),
            .. changes.SelectMany(change => Of(before, change)),
            .. CaveatBlocks.Of(before.Recipe.Caveats),
            new ReproduceBlock([$"rlhf map --before {Name(before)} --after {Name(after)} --run {result.Directory.Replace('\\', '/')}"], before.Recipe.Seeds, []),
        ];
        ReportWriter.Write(path, new Report($"{before.Recipe.Name}: before and after", "What one reward gives the texts of two generators that were asked for the same.", blocks));
    }

    private static IEnumerable<IReportBlock> Of(FinishedMap map, RewardChange change)
    {
        yield return new HeadingBlock($"By {change.Reward}");
        foreach (var figure in Maps(map, change))
        {
            yield return new HeatMapBlock(figure);
        }
        yield return new BarsBlock(
            $"Mean {change.Reward} by label, after − before",
            [.. change.Labels.Where(label => label.Change.Change is not null).Select(label => new Bar($"{label.Axis}: {label.Change.Labels[0]}", new Estimate(label.Change.Change!.Value, label.Change.Interval)))]);
        yield return new TableBlock(
            "Every cell",
            string.Join(", ", map.Seeds[0].Axes.Select(axis => axis.Name)),
            [
                new TableColumn("N before", 0), new TableColumn("N after", 0), new TableColumn("mean before"), new TableColumn("mean after"), new TableColumn("after − before"),
                new TableColumn("holds with all other cells"),
            ],
            [.. change.Cells.Where(cell => cell.Before + cell.After > 0).Select(cell => new TableRow(string.Join(", ", cell.Labels),
            [
                cell.Before, cell.After, Cell(cell.MeanBefore), Cell(cell.MeanAfter), cell.Change is { } value ? new Estimate(value, cell.Interval) : TableCell.Empty,
                cell.IsSeparated ? "yes" : "not separated",
            ]))],
            "Holm's procedure at 5%, over the cells of which both sides have ten texts, or each seed has texts.");
        var pairs = change.Pairs.OrderByDescending(pair => pair.Change).ToList();
        var (rises, falls) = (pairs.Where(pair => pair.Change > 0).Take(MostPairs), pairs.Where(pair => pair.Change < 0).Reverse().Take(MostPairs));
        foreach (var (title, chosen) in new[] { ("The same requests, where the reward rises most", rises.ToList()), ("The same requests, where it falls most", falls.ToList()) })
        {
            if (chosen.Count > 0)
            {
                yield return new SamplesBlock(title, [.. chosen.Select(pair => Sample(map, pair))], ShowText: true);
            }
        }
    }

    private static ReportSample Sample(FinishedMap map, (RequestedText Before, RequestedText After, double Change) pair) => new(
        $"{string.Join(", ", pair.Before.Solution.Requested.OfType<string>())}, before:\n{pair.Before.Solution.Text}",
        pair.After.Solution.Text,
        [
            new ReportFact("change", pair.Change.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture)), new ReportFact("request", $"{pair.Before.Request.Number}"),
            new ReportFact("from", string.Join(", ", map.Seeds[0].LabelsOfCell(pair.Before.Cell))), new ReportFact("to", string.Join(", ", map.Seeds[0].LabelsOfCell(pair.After.Cell))),
        ]);

    // Both means on one scale; the change with both ends equally far from 0.
    private static IEnumerable<HeatMap> Maps(FinishedMap map, RewardChange change)
    {
        if (map.Seeds[0].Axes.Count > 2)
        {
            yield break;
        }
        var shape = HeatMap.Of(map.Seeds[0].Archive, string.Empty);
        HeatMap Map(string title, string valueName, Func<GroupChange, double?> value, Func<GroupChange, int> count)
        {
            var cells = new HeatMapCell[shape.Vertical.Bins, shape.Horizontal.Bins];
            foreach (var (index, cell) in change.Cells.Index())
            {
                cells[index / shape.Horizontal.Bins, index % shape.Horizontal.Bins] = new HeatMapCell(value(cell), count(cell));
            }
            return new HeatMap(title, valueName, shape.Vertical, shape.Horizontal, cells);
        }
        var one = Map("Mean before", change.Reward, cell => cell.MeanBefore, cell => cell.Before);
        var other = Map("Mean after", change.Reward, cell => cell.MeanAfter, cell => cell.After);
        var (low, high) = (Math.Min(one.Low, other.Low), Math.Max(one.High, other.High));
        yield return one with { Low = low, High = high };
        yield return other with { Low = low, High = high };
        var reach = change.Cells.Max(cell => Math.Abs(cell.Change ?? 0));
        (string Title, Func<GroupChange, double?> Value)[] differences = [("After − before", cell => cell.Change), ("The same, where it is separated from 0", cell => cell.IsSeparated ? cell.Change : null)];
        foreach (var (title, value) in differences)
        {
            var difference = Map(title, $"change of {change.Reward}", value, cell => Math.Min(cell.Before, cell.After));
            yield return reach > 0 ? difference with { Low = -reach, High = reach } : difference;
        }
    }

    private static string Writer(FinishedMap map) => $"{map.Recipe.Generator.ModelPath ?? "the generator"} ({Name(map)})";

    private static string Name(FinishedMap map) => map.Directory.Replace('\\', '/');

    private static TableCell Cell(double? value) => value is { } number ? new Estimate(number) : TableCell.Empty;
}
