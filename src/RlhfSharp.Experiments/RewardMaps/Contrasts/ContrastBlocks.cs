using System.Globalization;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.QualityDiversity.HeatMaps;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Shows contrasts of reward models in a report.</summary>
internal static class ContrastBlocks
{
    /// <summary>Makes the blocks of all contrasts; none where there is one reward.</summary>
    public static IEnumerable<IReportBlock> Of(IReadOnlyList<MapSummary> seeds) => RewardContrast.All(seeds).SelectMany(contrast => Of(seeds[0], contrast));

    private static IEnumerable<IReportBlock> Of(MapSummary summary, RewardContrast contrast)
    {
        yield return new HeadingBlock($"{contrast.First} against {contrast.Second}: the same texts, ranked by both");
        yield return new TextBlock((summary.State.Contrast is { } search
                ? $"A text's rank is the share of {search.Frozen.Count} frozen texts, written before the search, that a reward model scores lower. Texts with a parent were chosen because the two disagree, "
                    + "so only those without one are counted here: they say what the two think of what the generator writes by itself. Above 0, "
                : "A text's rank is the share of the first phase's texts that a reward model scores lower, so models of any scale can be compared. Above 0, ")
            + $"{contrast.First} ranks the cell's texts higher than {contrast.Second} does; below 0, lower. "
            + (contrast.Correlation is { } correlation ? $"Over {(summary.State.Contrast is null ? "all texts" : "these texts")} the two rankings correlate by {correlation.ToString("F2", CultureInfo.InvariantCulture)} (Spearman)." : string.Empty));
        foreach (var map in Maps(summary, contrast))
        {
            yield return new HeatMapBlock(map);
        }
        var held = contrast.Cells.Where(cell => cell.IsSeparated).OrderByDescending(cell => cell.Mean).ToList();
        yield return held.Count == 0
            ? new TextBlock("No cell is separated from 0 together with all others (Holm's procedure at 5%).")
            : new TableBlock(
                $"Cells where {contrast.First} and {contrast.Second} disagree",
                "cell",
                [new TableColumn("texts", 0), new TableColumn($"rank by {contrast.First} − rank by {contrast.Second}")],
                [.. held.Select(cell => new TableRow(string.Join(", ", cell.Labels), [(double)cell.Count, new Estimate(cell.Mean!.Value, cell.Interval)]))],
                "Those of all cells with at least ten independent texts whose differences hold together, by Holm's procedure at 5%.");
        foreach (var block in DisagreeingTexts.Of(summary, contrast))
        {
            yield return block;
        }
        yield return new BarsBlock(
            $"Mean difference of ranks by label, {contrast.First} − {contrast.Second}",
            [.. contrast.Labels.Where(label => label.Difference.Mean is not null).Select(label => new Bar(
                $"{label.Axis}: {label.Difference.Labels[0]}", new Estimate(label.Difference.Mean!.Value, label.Difference.Interval)))]);
    }

    // All differences, and those that hold. Both ends of the scale are equally far from 0, so that a colour tells the sign.
    private static IEnumerable<HeatMap> Maps(MapSummary summary, RewardContrast contrast)
    {
        if (MapFigures.Bounds(summary) is not { } bounds)
        {
            yield break;
        }
        var reach = contrast.Cells.Max(cell => Math.Abs(cell.Mean ?? 0));
        HeatMap Map(string title, Func<PairedDifference, double?> value)
        {
            var cells = new HeatMapCell[bounds.Vertical.Bins, bounds.Horizontal.Bins];
            foreach (var (index, cell) in contrast.Cells.Index())
            {
                cells[index / bounds.Horizontal.Bins, index % bounds.Horizontal.Bins] = new HeatMapCell(value(cell), cell.Count);
            }
            var map = new HeatMap(title, "difference of ranks", bounds.Vertical, bounds.Horizontal, cells);
            return reach > 0 ? map with { Low = -reach, High = reach } : map;
        }
        yield return Map($"Rank by {contrast.First} − rank by {contrast.Second}", cell => cell.Mean);
        if (contrast.Cells.Any(cell => cell.IsSeparated))
        {
            yield return Map("The same, where it is separated from 0", cell => cell.IsSeparated ? cell.Mean : null);
        }
    }
}
