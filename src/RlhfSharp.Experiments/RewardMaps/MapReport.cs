using System.Globalization;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.QualityDiversity.HeatMaps;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes <c>report.html</c> of a map: what can be said, the maps, the texts.</summary>
internal static class MapReport
{
    public static void Write(string path, string runFolder, IReadOnlyList<MapSummary> seeds, MapResult result, MapEffects asTheyAre, MapEffects lengthEqual)
    {
        var (recipe, first) = (seeds[0].Recipe, seeds[0]);
        List<IReportBlock> blocks = [new VerdictBlock(string.Join("\n\n", result.Conclusions.Select(Sentence)))];
        blocks.AddRange(result.Notes.Select(note => new WarningBlock("How to read this", note)));
        blocks.Add(new HeadingBlock(seeds.Count > 1 ? $"Maps, of seed {first.Seed} alone" : "Maps"));
        blocks.AddRange(Maps(first));
        blocks.Add(new TextBlock("The highest reward found is a lower bound of what the reward model gives in a cell; it grows with the number of texts, N. "
            + $"The expected best of {recipe.BestOf} does not, so cells are compared by that. Hatched: no text, or for the expected best too few."));
        blocks.Add(new HeadingBlock("Mean reward by label"));
        blocks.AddRange(Marginals(first, result));
        blocks.Add(new HeadingBlock("Differences between labels"));
        blocks.Add(Contrasts("As the texts are", asTheyAre));
        blocks.Add(Contrasts("Texts of equal length", lengthEqual));
        blocks.AddRange(ContrastBlocks.Of(seeds));
        blocks.AddRange(PlantedBlocks.Of(seeds));
        blocks.AddRange(CaveatBlocks.Of(recipe.Caveats));
        blocks.Add(new HeadingBlock("The best text of each cell"));
        blocks.Add(Texts(first));
        blocks.Add(new ReproduceBlock([$"rlhf map {Path.Combine(runFolder, "recipe.yaml").Replace('\\', '/')} --run runs/again"], recipe.Seeds, []));
        var subtitle = recipe.Description.Length > 0 ? recipe.Description : "What a reward model likes, by texts that differ.";
        ReportWriter.Write(path, new Report(recipe.Name, subtitle, blocks));
    }

    private static IEnumerable<IReportBlock> Maps(MapSummary summary)
    {
        if (MapFiles.Picture(summary) is not { } bounds)
        {
            return [new TextBlock("A picture shows one or two axes; this map has more. The table of cells is in summary.json.")];
        }
        var cells = summary.State.Ledger.Cells;
        HeatMap Map(string title, Func<int, double?> value)
        {
            var values = new HeatMapCell[bounds.Vertical.Bins, bounds.Horizontal.Bins];
            for (var cell = 0; cell < cells.Count; cell++)
            {
                values[cell / bounds.Horizontal.Bins, cell % bounds.Horizontal.Bins] = new HeatMapCell(value(cell), cells[cell].Count);
            }
            return new HeatMap(title, bounds.ValueName, bounds.Vertical, bounds.Horizontal, values);
        }
        HeatMap[] maps = [bounds, Map("Mean reward", cell => cells[cell].Mean), Map($"Expected best of {summary.Recipe.BestOf}", cell => cells[cell].ExpectedBestOf(summary.Recipe.BestOf))];
        // One scale for all of them, or the eye compares what cannot be compared.
        var values = maps.SelectMany(map => map.Cells.Cast<HeatMapCell>()).Select(cell => cell.Value).OfType<double>().ToList();
        return values.Count == 0 ? maps.Select(map => new HeatMapBlock(map))
            : maps.Select(map => new HeatMapBlock(values.Min() < values.Max() ? map with { Low = values.Min(), High = values.Max() } : map));
    }

    private static IEnumerable<IReportBlock> Marginals(MapSummary summary, MapResult result) => summary.State.Axes.Select(axis => new BarsBlock(
        $"Mean reward by {axis.Name}, over all texts",
        [
            .. axis.Bins.Labels.Where(label => result.Metrics.ContainsKey(Name(axis, label))).Select(label => new Bar(
                label, new Estimate(result.Metrics[Name(axis, label)], result.Intervals.TryGetValue(Name(axis, label), out var interval) ? interval : null))),
        ]));

    private static string Name(MapAxis axis, string label) => $"marginal/{axis.Name}/{label}";

    private static TableBlock Contrasts(string caption, MapEffects effects) => new(
        caption,
        "labels",
        [new TableColumn("difference of means"), new TableColumn("holds with all others of the axis")],
        [.. effects.Contrasts.Select(one => new TableRow(
            $"{one.Axis}: {one.First} − {one.Second}", [new Estimate(one.Difference, one.Interval), one.IsSeparated ? "yes" : "not separated"]))],
        "Holm's procedure at 5% within each axis.");

    private static SamplesBlock Texts(MapSummary summary) => new(
        summary.State.Archive.Count == 0 ? "No text was placed." : $"Of seed {summary.Seed}; with the line of descent of each.",
        [
            .. summary.State.Archive.Select(elite => new ReportSample(
                string.Join(", ", summary.State.Archive.BinsOf(elite.Cell).Select((bin, axis) => summary.State.Axes[axis].Bins.Labels[bin])),
                elite.Solution.Text,
                [
                    .. summary.Recipe.Rewards.Select((reward, index) => new ReportFact(reward.Name, elite.Solution.Rewards[index].ToString("F3", CultureInfo.InvariantCulture))),
                    new ReportFact("N", $"{summary.State.Ledger.Cells[elite.Cell].Count}"),
                    new ReportFact("line", string.Join(" ← ", Line(summary.State, elite.Solution))),
                ])),
        ],
        ShowText: true);

    // From the text to the first of its forebears, each with the labels it was asked for.
    private static IEnumerable<string> Line(MapState state, MapSolution solution)
    {
        for (var one = solution; ; one = state.Find(one.Parents[0]))
        {
            yield return $"{one.Id} ({string.Join(", ", state.LabelsOf(one).OfType<string>())})";
            if (one.Parents.Count == 0)
            {
                yield break;
            }
        }
    }

    private static string Sentence(string conclusion) => $"{conclusion}.";
}
