using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Objectives;
using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Sets methods side by side that had the same start, the same data and the same compute.</summary>
internal static class MethodsReport
{
    private const double EqualWithin = 0.05;

    private static readonly (string Metric, string Header, int Digits, BestValue Best)[] Scores =
    [
        ("mention_rate", "mentions it", 3, BestValue.Lowest),
        ("mention_rate_uninstructed", "where it may", 3, BestValue.Highest),
        ("on_topic", "on topic", 3, BestValue.Highest),
        ("well_formed", "well-formed", 3, BestValue.Highest),
        ("distinct_2", "distinct-2", 3, BestValue.Highest),
        ("length", "words", 1, BestValue.None),
        ("judge_perplexity_ratio", "judge", 2, BestValue.Lowest),
        ("kl", "KL, nats", 1, BestValue.None),
    ];

    /// <summary>Makes the blocks.</summary>
    /// <param name="summary">The experiment's numbers.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="members">Its runs.</param>
    public static IEnumerable<IReportBlock> Blocks(ExperimentSummary summary, TrainingRecipe recipe, IReadOnlyList<ExperimentMember> members)
    {
        var isTrained = members.GroupBy(member => member.Variant).ToDictionary(row => row.Key, row => row.First().Recipe.Objective is not BestOfNOptions);
        yield return new TableBlock(
            "Methods, on unseen pairs of things",
            "method",
            [.. Scores.Select(score => new TableColumn(score.Header, score.Digits, score.Best)), new TableColumn("bars missed", 0)],
            [
                new TableRow("start", [.. Scores.Select(score => Cell(summary, $"{score.Metric}/start")), TableCell.Empty]),
                .. summary.Variants.Select(variant => new TableRow(
                    VariantText.Title(variant, recipe),
                    [.. Scores.Select(score => Cell(summary, ExperimentSummary.Key($"{score.Metric}/final", variant))), Missed(summary, variant)])),
            ],
            "Each from the same start. “Bars missed” counts those of the pink-elephant experiment that the mean over seeds does not reach.");
        yield return new TextBlock(MissedBars(summary, recipe));
        yield return new TableBlock(
            "What they cost",
            "method",
            [new TableColumn("million tokens"), new TableColumn("of the mean"), new TableColumn("seconds", 0)],
            [.. summary.Variants.Select(variant => new TableRow(VariantText.Title(variant, recipe), Cost(summary, variant, isTrained)))],
            "Compute in tokens that pass once forward through the policy: 3 for a token that is trained on, 1 for one that is sampled, scored or read by the reference, those of other models and of heads "
            + "in proportion to their parameters. The training of reward models is counted in each row that uses them. Evaluations are not.");
        yield return new TextBlock(Equality(summary, recipe, isTrained));
        foreach (var text in Scores.Take(2).Select(score => Separated(summary, recipe, score.Metric, score.Best)).OfType<string>())
        {
            yield return new TextBlock(text);
        }
    }

    private static string MissedBars(ExperimentSummary summary, TrainingRecipe recipe)
    {
        string Bar(string metric, string variant) =>
            $"{MetricText.Title(metric).ToLowerInvariant()} {Fixed(Headline.Read(summary, ExperimentSummary.Key($"{metric}/final", variant))!.Value.Value, 3)}, "
            + $"wanted {ScoreBars.Bars.First(bar => bar.Metric == metric).Text}";
        var missed = summary.Variants
            .Select(variant => (Variant: variant, Bars: PinkElephantReport.Missed(summary, variant).ToList()))
            .Where(row => row.Bars.Count > 0)
            .Select(row => $"{VariantText.Title(row.Variant, recipe)} ({string.Join("; ", row.Bars.Select(metric => Bar(metric, row.Variant)))})")
            .ToList();
        return missed.Count == 0 ? "Every method meets every bar." : $"Bars missed: {string.Join(", ", missed)}.";
    }

    private static TableCell[] Cost(ExperimentSummary summary, string variant, Dictionary<string, bool> isTrained)
    {
        var tokens = Headline.Read(summary, ExperimentSummary.Key("tokens", variant))?.Value ?? 0;
        return [Fixed(tokens / 1e6, 2), isTrained[variant] ? Fixed(tokens / Mean(summary, isTrained), 2) : TableCell.Empty, Cell(summary, ExperimentSummary.Key("seconds", variant))];
    }

    private static double Mean(ExperimentSummary summary, Dictionary<string, bool> isTrained) => Trained(summary, isTrained).Average(row => row.Tokens);

    private static List<(string Variant, double Tokens)> Trained(ExperimentSummary summary, Dictionary<string, bool> isTrained) =>
        [.. summary.Variants.Where(variant => isTrained[variant]).Select(variant => (variant, Headline.Read(summary, ExperimentSummary.Key("tokens", variant))?.Value ?? 0))];

    private static string Equality(ExperimentSummary summary, TrainingRecipe recipe, Dictionary<string, bool> isTrained)
    {
        var rows = Trained(summary, isTrained);
        if (rows.Count == 0)
        {
            return "Nothing was trained.";
        }
        var mean = rows.Average(row => row.Tokens);
        var apart = rows.Where(row => Math.Abs(row.Tokens / mean - 1) > EqualWithin).Select(row => VariantText.Title(row.Variant, recipe)).ToList();
        return apart.Count == 0
            ? $"All trained rows had the same compute within {Fixed(100 * EqualWithin, 0)}%."
            : $"Not all rows had the same compute: {string.Join(", ", apart)} differ by more than {Fixed(100 * EqualWithin, 0)}% from the mean, so compare them with care.";
    }

    private static string? Separated(ExperimentSummary summary, TrainingRecipe recipe, string metric, BestValue wanted)
    {
        string Key(string variant) => ExperimentSummary.Key($"{metric}/final", variant);
        var rows = summary.Variants
            .Select(variant => (Variant: variant, Seeds: SeedPairs.Values(summary, Key(variant))))
            .Where(row => row.Seeds.Count > 1)
            .ToList();
        if (rows.Count < 2)
        {
            return null;
        }
        var best = wanted == BestValue.Lowest ? rows.MinBy(row => row.Seeds.Values.Average()) : rows.MaxBy(row => row.Seeds.Values.Average());
        var others = rows
            .Where(row => row.Variant != best.Variant)
            .Select(row => (row.Variant, SeedPairs.Difference(summary, Key(row.Variant), Key(best.Variant))?.Interval))
            .Where(row => row.Interval is not null)
            .ToList();
        string Names(IEnumerable<(string Variant, Interval?)> some) => string.Join(", ", some.Select(row => VariantText.Title(row.Variant, recipe)));
        var apart = others.Where(row => row.Interval is { } difference && (difference.Low > 0 || difference.High < 0)).ToList();
        var together = others.Except(apart).ToList();
        var text = $"{MetricText.Title(metric)}: {VariantText.Title(best.Variant, recipe)} has the {(wanted == BestValue.Lowest ? "lowest" : "highest")} rate.";
        text += apart.Count > 0 ? $" Separated from it over {best.Seeds.Count} seeds (paired Student's t, 95%, not corrected for the number of rows): {Names(apart)}." : string.Empty;
        return together.Count > 0 ? $"{text} Not separated at this budget: {Names(together)}." : text;
    }

    private static TableCell Missed(ExperimentSummary summary, string variant) => (double)PinkElephantReport.Missed(summary, variant).Count();

    private static TableCell Cell(ExperimentSummary summary, string key) => Headline.Read(summary, key) is { } value ? value : TableCell.Empty;
}
