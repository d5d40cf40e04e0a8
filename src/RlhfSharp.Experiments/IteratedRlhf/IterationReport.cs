using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;
using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Writes the report of an iterated experiment.</summary>
internal static class IterationReport
{
    private static readonly (string Metric, string Header, int Digits, BestValue Best)[] Columns =
    [
        ("gold/final", "gold at the end", 2, BestValue.Highest),
        ("gold/peak", "gold at its peak", 2, BestValue.Highest),
        ("gold/drop", "fall from the peak", 2, BestValue.Lowest),
        ("gap/final", "proxy − gold", 2, BestValue.None),
        ("kl/onset", "KL at the peak", 1, BestValue.None),
        ("kl/final", "KL at the end", 1, BestValue.None),
        ("win_rate/final", "wins against the start", 2, BestValue.Highest),
        ("labels", "labels", 0, BestValue.None),
    ];

    /// <summary>Writes it.</summary>
    /// <param name="folder">The experiment's folder.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="summary">All rows' numbers.</param>
    /// <param name="curves">Each row's and seed's points.</param>
    public static void Write(
        ExperimentFolder folder, IterationRecipe recipe, ExperimentSummary summary, IReadOnlyList<(string Row, long Seed, IReadOnlyList<IterationPoint> Points)> curves)
    {
        var first = curves.Where(curve => curve.Seed == curves[0].Seed).ToList();
        List<IReportBlock> blocks =
        [
            new VerdictBlock(Verdict(summary)),
            new TableBlock(
                "Rows",
                "row",
                [.. Columns.Select(column => new TableColumn(column.Header, column.Digits, column.Best))],
                [.. summary.Variants.OrderByDescending(row => summary.Metrics[ExperimentSummary.Key("gold/final", row)]).Select(row => new TableRow(
                    row, [.. Columns.Select(column => Headline.Read(summary, ExperimentSummary.Key(column.Metric, row)) is { } value ? value : TableCell.Empty)]))],
                "Gold and proxy are in units of their standard deviation on answers of the start, where both have mean 0. The peak is located on one half of the held-out prompts and measured on the "
                + "other, and so is the fall from it. KL is the mean over answers of log π − log π_start, summed over their tokens (k1), in nats."),
            new HeadingBlock($"Over the course of training, seed {curves[0].Seed}"),
            new CurvesBlock(
            [
                .. first.Select(curve => new CurveChart(
                    $"{curve.Row}: gold and proxy against distance",
                    "√KL from the start",
                    "score",
                    [.. curve.Points.GroupBy(point => point.Iteration).SelectMany(iteration => GoldAndProxy([.. iteration], curve.Points[^1].Iteration))])),
                new CurveChart("Gold against labels", "gold labels", "gold at the end of each iteration", [.. first.Select(curve => ByLabels(curve.Row, curve.Points))]),
                new CurveChart("Gap between proxy and gold, last iteration", "√KL from the start", "proxy − gold", [.. first.Select(curve => Against([.. curve.Points.Where(point => point.Iteration == curve.Points[^1].Iteration)], curve.Row, "gap"))]),
            ]),
            new HeadingBlock("Each iteration"),
            new TableBlock(
                "At the end of each iteration",
                "row and iteration",
                [.. new[] { "gold", "proxy", "gap", "rank correlation", "proxy's accuracy", "KL", "length", "entropy" }.Select(header => new TableColumn(header, 2))],
                [.. first.SelectMany(curve => curve.Points.GroupBy(point => point.Iteration).Select(group => new TableRow(
                    $"{curve.Row}, {group.Key}",
                    [.. new[] { "gold/mean", "proxy/mean", "gap", "rank_correlation", "proxy/accuracy", "kl", "length", "entropy" }.Select(metric => (TableCell)group.Last().Metrics[metric])])))]),
            .. CaveatBlocks.Of(recipe.Caveats),
            new ReproduceBlock(
                [(string)folder.Facts["command"]!],
                recipe.Seeds,
                [new ReportFact("device", (string)folder.Facts["device"]!), new ReportFact("threads", folder.Facts["threads"]!.ToString())]),
        ];
        ReportWriter.Write(folder.ReportPath, new Report(recipe.Name, recipe.Description, blocks));
    }

    private static string Verdict(ExperimentSummary summary)
    {
        var sentences = new List<string>();
        var ranked = summary.Variants.OrderByDescending(row => summary.Metrics[ExperimentSummary.Key("gold/final", row)]).ToList();
        sentences.Add($"{ranked[0]} ends highest: gold {Text(summary, "gold/final", ranked[0])}.");
        foreach (var row in ranked.Skip(1))
        {
            var apart = Seeds(summary, ranked[0]).Zip(Seeds(summary, row), (best, other) => best - other).ToArray();
            var verdict = apart.Length < 2 ? "one seed says nothing about the difference"
                : Statistics.StudentT(apart) is { Low: > 0 } interval ? $"the difference is {Fixed(apart.Average(), 2)} [{Fixed(interval.Low, 2)}, {Fixed(interval.High, 2)}] over paired seeds"
                : "not separated from it at this budget";
            sentences.Add($"{row}: {Text(summary, "gold/final", row)}; {verdict}.");
        }
        foreach (var row in ranked)
        {
            if (Headline.Read(summary, ExperimentSummary.Key("gold/drop", row)) is { Interval: { } drop })
            {
                sentences.Add(drop.Low > 0 ? $"{row} over-optimises: gold falls from its peak by {Text(summary, "gold/drop", row)} while it is trained on."
                    : $"{row}: no fall from the peak that could be told from chance ({Text(summary, "gold/drop", row)}).");
            }
        }
        return string.Join("\n\n", sentences);
    }

    private static IEnumerable<double> Seeds(ExperimentSummary summary, string row) => summary.Metrics
        .Where(metric => metric.Key.StartsWith($"{ExperimentSummary.Key("gold/final", row)}#", StringComparison.Ordinal))
        .Select(metric => metric.Value);

    private static string Text(ExperimentSummary summary, string metric, string row) => Headline.Read(summary, ExperimentSummary.Key(metric, row)) is not { } value ? "?"
        : value.Interval is { } interval ? $"{Fixed(value.Value, 2)} [{Fixed(interval.Low, 2)}, {Fixed(interval.High, 2)}]"
        : Fixed(value.Value, 2);

    private static IEnumerable<CurveSeries> GoldAndProxy(IReadOnlyList<IterationPoint> points, int iterations)
    {
        var which = iterations > 1 ? $", iteration {points[0].Iteration}" : string.Empty;
        return [Against(points, $"gold{which}", "gold/mean"), Against(points, $"proxy{which}", "proxy/mean")];
    }

    // In order of distance, so that a line can be drawn.
    private static CurveSeries Against(IReadOnlyList<IterationPoint> points, string name, string metric)
    {
        var ordered = points.Select(point => (Distance: Math.Sqrt(Math.Max(0, point.Metrics["kl"])), Value: point.Metrics[metric])).OrderBy(point => point.Distance).ToList();
        return new CurveSeries(name, [.. ordered.Select(point => point.Distance)], [.. ordered.Select(point => point.Value)]);
    }

    private static CurveSeries ByLabels(string row, IReadOnlyList<IterationPoint> points)
    {
        var ends = points.GroupBy(point => point.Iteration).Select(group => group.Last()).ToList();
        return new CurveSeries(row, [.. ends.Select(point => (double)point.Labels)], [.. ends.Select(point => point.Metrics["gold/mean"])]);
    }
}
