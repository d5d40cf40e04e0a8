using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Writes the report of an iterated experiment.</summary>
internal static class IterationReport
{
    /// <summary>Writes it.</summary>
    /// <param name="folder">The experiment's folder.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="summary">All rows' numbers.</param>
    /// <param name="tracks">Each row with each seed.</param>
    public static void Write(ExperimentFolder folder, IterationRecipe recipe, ExperimentSummary summary, IReadOnlyList<IterationTrack> tracks)
    {
        List<string> ranked = [.. summary.Variants.OrderByDescending(row => summary.Metrics[ExperimentSummary.Key("gold/final", row)])];
        var iterations = IterationTables.ByIteration(tracks, ranked);
        var charts = new IterationCharts(tracks, ranked, iterations);
        List<IReportBlock> blocks =
        [
            new VerdictBlock(IterationVerdict.Of(summary, tracks, ranked)),
            .. IterationTables.Rows(summary, ranked),
            new HeadingBlock("What the rows cost"),
            new TextBlock(IterationBudgets.Describe(summary, ranked)),
            IterationTables.Budgets(summary, ranked),
            new HeadingBlock("All rows"),
            new TextBlock(charts.Reading),
            new CurvesBlock(charts.AllRows()),
            new HeadingBlock("Each row"),
            new CurvesBlock(charts.EachRow()),
            new HeadingBlock("Each iteration"),
            .. IterationTables.Iterations(iterations),
            new HeadingBlock("The laws of Gao et al."),
            IterationTables.Laws(iterations, tracks),
            .. CaveatBlocks.Of(recipe.Caveats),
            new ReproduceBlock(
                [(string)folder.Facts["command"]!],
                recipe.Seeds,
                [new ReportFact("device", (string)folder.Facts["device"]!), new ReportFact("threads", folder.Facts["threads"]!.ToString())]),
        ];
        ReportWriter.Write(folder.ReportPath, new Report(recipe.Name, recipe.Description, blocks));
    }
}
