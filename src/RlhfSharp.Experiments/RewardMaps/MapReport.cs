using System.Globalization;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes <c>report.html</c> of a map: what can be said, the maps, the texts.</summary>
internal static class MapReport
{
    // A page that holds more lines than this opens slowly; what a map of that size says stands in the pictures and tables.
    private const int MostEvaluations = 100_000;

    public static void Write(string path, string runFolder, IReadOnlyList<MapSummary> seeds, MapResult result, MapEffects asTheyAre, MapEffects lengthEqual)
    {
        var (recipe, first) = (seeds[0].Recipe, seeds[0]);
        List<IReportBlock> blocks = [new VerdictBlock(string.Join("\n\n", result.Conclusions.Select(Sentence)))];
        blocks.AddRange(result.Notes.Select(note => new WarningBlock("How to read this", note)));
        blocks.Add(new HeadingBlock("The map"));
        blocks.AddRange(Maps(seeds));
        blocks.Add(new TextBlock((recipe.Contrast is { } contrast
                ? $"The map is a search for texts that {contrast.First} ranks high and {contrast.Second} low, among {first.State.Contrast!.Frozen.Count} texts that were written before it and are not on it. The largest "
                    + "difference found is a lower bound of how far the two can be apart in a cell; it grows with the number of texts, N. "
                : "The highest reward found is a lower bound of what the reward model gives in a cell; it grows with the number of texts, N. ")
            + $"The expected best of {recipe.BestOf} does not, so cells are compared by that. Hatched: no text, or for the expected best too few."));
        blocks.Add(new HeadingBlock(recipe.Contrast is null ? "Mean reward by label" : "Mean difference of ranks by label"));
        blocks.AddRange(MarginalPlots.Of(first, result.Metrics, result.Intervals).Select(figure => new IntervalPlotBlock(figure.Plot)));
        blocks.Add(new HeadingBlock("Differences between labels"));
        blocks.Add(Contrasts("As the texts are", asTheyAre));
        blocks.Add(Contrasts("Texts of equal length", lengthEqual));
        blocks.AddRange(ContrastBlocks.Of(seeds));
        blocks.AddRange(PlantedBlocks.Of(seeds));
        blocks.AddRange(BaselineTable.Of(recipe, result));
        blocks.Add(new HeadingBlock("Rewards to look at twice"));
        blocks.AddRange(FlagBlocks.Of(first));
        blocks.AddRange(CaveatBlocks.Of(recipe.Caveats));
        blocks.Add(new HeadingBlock("All cells"));
        blocks.Add(CellBlock.Of(first));
        blocks.Add(new HeadingBlock("The best text of each cell"));
        blocks.Add(Texts(first));
        blocks.Add(new ReproduceBlock([$"rlhf map {Path.Combine(runFolder, "recipe.yaml").Replace('\\', '/')} --run runs/again"], recipe.Seeds, []));
        var subtitle = recipe.Description.Length > 0 ? recipe.Description : "What a reward model likes, by texts that differ.";
        ReportWriter.Write(path, new Report(recipe.Name, subtitle, blocks));
    }

    private static IEnumerable<IReportBlock> Maps(IReadOnlyList<MapSummary> seeds)
    {
        var figures = MapFigures.Of(seeds[0]);
        if (figures.Maps.Count == 0)
        {
            yield return new TextBlock("A picture shows one or two axes; this map has more. Where scripts run, two of them can be chosen below; the table of cells shows all.");
        }
        else if (seeds.Count > 1)
        {
            yield return new TextBlock($"Pictures are of seed {seeds[0].Seed} alone.");
        }
        List<IReportBlock> pictures = [.. figures.Maps.Select(figure => new HeatMapBlock(figure.Map))];
        if (seeds.Sum(seed => seed.State.Events.Count) <= MostEvaluations)
        {
            yield return new MapExplorerBlock(MapExplorerData.Of(seeds), pictures);
            yield break;
        }
        foreach (var picture in pictures)
        {
            yield return picture;
        }
        yield return new TextBlock($"There are more than {MostEvaluations} texts, too many to explore in a page. They are in events.jsonl.");
    }

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
