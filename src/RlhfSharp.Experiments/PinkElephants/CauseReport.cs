using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;
using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Sets variants of a pink-elephant recipe side by side: what each change does, and what the diagnostics say of it.</summary>
internal static class CauseReport
{
    private static readonly (string Metric, string Header, BestValue Best)[] Scores =
    [
        ("mention_rate/final", "mentions it", BestValue.Lowest),
        ("mention_rate_uninstructed/final", "where it may", BestValue.Highest),
        ("on_topic/final", "on topic", BestValue.Highest),
        ("well_formed/final", "well-formed", BestValue.Highest),
        ("judge_perplexity_ratio/final", "judge", BestValue.Lowest),
    ];

    private static readonly (string Metric, string Header)[] Diagnostics =
    [
        ("steering/gain", "gain by steering"),
        ("diagnostics/q_last_auc", "Q at the end: AUC"),
        ("diagnostics/v_auc@0.5", "V halfway: AUC"),
        ("diagnostics/v_separated_share", "answer over which V tells"),
    ];

    /// <summary>Makes the blocks.</summary>
    /// <param name="summary">The experiment's numbers.</param>
    /// <param name="recipe">The recipe itself.</param>
    /// <param name="logs">Each run's variant and lines of metrics.</param>
    public static IEnumerable<IReportBlock> Blocks(
        ExperimentSummary summary, TrainingRecipe recipe, IReadOnlyList<(string Variant, IReadOnlyList<JsonObject> Lines)> logs)
    {
        yield return new BarsBlock(
            "Share of answers that mention what they were told not to",
            [.. Bars(summary, recipe, "mention_rate")]);
        yield return new BarsBlock(
            "Share of answers that mention it where nothing forbids it: this should stay",
            [.. Bars(summary, recipe, "mention_rate_uninstructed")]);
        yield return new TableBlock(
            "What each setting does, on unseen pairs of things",
            "setting",
            [.. Scores.Select(score => new TableColumn(score.Header, 3, score.Best))],
            [.. summary.Variants.Select(variant => new TableRow(VariantText.Title(variant, recipe), [.. Scores.Select(score => Cell(summary, score.Metric, variant))]))],
            $"Before training {Percent(Headline.Read(summary, "mention_rate/start"))} of the answers mention it. Same start, data, steps and seeds for all.");
        yield return new TableBlock(
            "Why: what the training diagnostics say",
            "setting",
            [.. Diagnostics.Select(one => new TableColumn(one.Header)), new TableColumn("target moved", 0), new TableColumn("target − Q", 2)],
            [.. summary.Variants.Select(variant => new TableRow(
                VariantText.Title(variant, recipe),
                [.. Diagnostics.Select(one => Cell(summary, one.Metric, variant)), Last(logs, variant, "target/syncs"), Last(logs, variant, "target/distance")]))],
            "An AUC of 0.5 is chance. V must tell good from bad answers along the way, not only at the end, or steering has nothing to go by. "
            + "“Target moved” counts synchronisations, “target − Q” is their distance relative to Q.");
        if (Changes(summary, recipe).ToList() is { Count: > 0 } changes)
        {
            yield return new TableBlock(
                $"What each row changes against {VariantText.Title(string.Empty, recipe)}, seed by seed",
                "setting",
                [new TableColumn("mentions it"), new TableColumn("where it may"), new TableColumn("so")],
                changes,
                "Differences with Student's 95% intervals of pairs, not corrected for the number of rows. A row helps where it mentions less of what is forbidden, and harms where it mentions more.");
        }
        yield return new TextBlock(Solved(summary, recipe));
    }

    private static IEnumerable<Bar> Bars(ExperimentSummary summary, TrainingRecipe recipe, string metric) => summary.Variants
        .Select(variant => (Title: VariantText.Title(variant, recipe), Value: Headline.Read(summary, ExperimentSummary.Key($"{metric}/final", variant))))
        .Prepend((Title: "before training", Value: Headline.Read(summary, $"{metric}/start")))
        .Where(row => row.Value is not null)
        .Select(row => new Bar(row.Title, row.Value!.Value));

    private static IEnumerable<TableRow> Changes(ExperimentSummary summary, TrainingRecipe recipe)
    {
        Estimate? Change(string metric, string variant) =>
            SeedPairs.Difference(summary, ExperimentSummary.Key($"{metric}/final", variant), $"{metric}/final");
        foreach (var variant in summary.Variants.Where(variant => variant.Length > 0))
        {
            if (Change("mention_rate", variant) is { Interval: { } interval } mentions && Change("mention_rate_uninstructed", variant) is { } free)
            {
                var verdict = interval.High < 0 ? "helps" : interval.Low > 0 ? "harms" : "not separated at this budget";
                yield return new TableRow(VariantText.Title(variant, recipe), [mentions, free, verdict]);
            }
        }
    }

    // Leaving the forbidden thing out is half of the task; going on to name it where it may be named is the other.
    private static string Solved(ExperimentSummary summary, TrainingRecipe recipe)
    {
        string[] both = ["mention_rate", "mention_rate_uninstructed"];
        var solved = summary.Variants.Where(variant => !both.Intersect(PinkElephantReport.Missed(summary, variant)).Any()).Select(variant => VariantText.Title(variant, recipe)).ToList();
        var bars = string.Join(" and ", ScoreBars.Bars.Where(bar => both.Contains(bar.Metric)).Select(bar => $"“{MetricText.Title(bar.Metric)}” {bar.Text}"));
        return solved.Count == 0 ? $"No row reaches both bars, {bars}." : $"Both bars, {bars}, are reached by the mean of {string.Join(", ", solved)}, and by no other row.";
    }

    private static TableCell Cell(ExperimentSummary summary, string metric, string variant) =>
        Headline.Read(summary, ExperimentSummary.Key(metric, variant)) is { } value ? value : TableCell.Empty;

    // The mean over seeds of what the last line says that has it.
    private static TableCell Last(IReadOnlyList<(string Variant, IReadOnlyList<JsonObject> Lines)> logs, string variant, string metric)
    {
        var values = logs.Where(log => log.Variant == variant)
            .Select(log => log.Lines.LastOrDefault(line => line[metric] is not null))
            .OfType<JsonObject>()
            .Select(line => (double)line[metric]!)
            .ToList();
        return values.Count == 0 ? TableCell.Empty : values.Average();
    }

    private static string Percent(Estimate? value) => value is not { } known ? "?"
        : known.Interval is { } interval ? $"{Fixed(100 * known.Value, 1)}% [{Fixed(100 * interval.Low, 1)}, {Fixed(100 * interval.High, 1)}]"
        : $"{Fixed(100 * known.Value, 1)}%";
}
