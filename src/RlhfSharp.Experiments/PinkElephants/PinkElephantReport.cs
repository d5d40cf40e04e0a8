using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Metrics;
using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>What a report says about pink elephants in particular.</summary>
internal static class PinkElephantReport
{
    private const int DialoguesShown = 12;

    /// <summary>Says in a few sentences what came out.</summary>
    public static string Verdict(ExperimentSummary summary)
    {
        if (Read(summary, "mention_rate/start") is not { } start || Read(summary, "mention_rate/final") is not { } final)
        {
            return string.Empty;
        }
        var text = $"Told not to mention a thing, the model mentions it in {Percent(start)} of its answers before training and in {Percent(final)} after.";
        if (Read(summary, "mention_rate_uninstructed/start") is { } freeStart && Read(summary, "mention_rate_uninstructed/final") is { } freeFinal)
        {
            text += $" Where nothing forbids the thing that was asked about, it goes on to name it: {Percent(freeFinal)}, before {Percent(freeStart)}.";
        }
        var missed = Missed(summary, string.Empty).ToList();
        return $"{text}\n\n" + (missed.Count == 0
            ? "Every bar is met: the answers are as well-formed, as long and as varied as before, and they speak of what may be spoken of."
            : $"Not every bar is met: {string.Join(", ", missed.Select(MetricText.Title).Select(title => title.ToLowerInvariant()))}.");
    }

    /// <summary>Makes the blocks that come first: the scores with their bars, and how steering changes them.</summary>
    public static IEnumerable<IReportBlock> Scores(ExperimentSummary summary, TrainingRecipe recipe)
    {
        foreach (var variant in summary.Variants)
        {
            var title = summary.Variants.Count == 1 ? "Before and after, on pairs of things never seen in an instruction" : VariantText.Title(variant, recipe);
            yield return ScoreTable(summary, variant, title);
        }
        if (BetaCharts(summary).ToList() is { Count: > 0 } charts)
        {
            yield return new HeadingBlock("How strongly to steer");
            yield return new TextBlock(
                "At generation, β times the advantage min Q − V is added to the model's log-probabilities. The β of the result was fixed in the recipe beforehand, "
                + "chosen on validation pairs; these curves are on validation pairs as well, and on pairs that training has seen.");
            yield return new CurvesBlock(charts);
        }
    }

    /// <summary>Reads the dialogues to show from a run's samples: first those under an instruction, then some without.</summary>
    public static IReportBlock? Dialogues(ExperimentMember member)
    {
        var lines = MetricLog.Read(member.Directory, "samples.jsonl");
        var all = lines.Where(line => line["before"] is not null).ToList();
        var shown = all.Where(IsForbidden).Take(DialoguesShown - 4).Concat(all.Where(line => !IsForbidden(line)).Take(4)).Select(Dialogue).ToList();
        return shown.Count == 0 ? null : new BeforeAfterBlock($"The first evaluation dialogues, {member.Title}", shown);
    }

    private static TableBlock ScoreTable(ExperimentSummary summary, string variant, string title)
    {
        TableCell Cell(string name) => Read(summary, ExperimentSummary.Key(name, variant)) is { } value ? value : TableCell.Empty;
        return new TableBlock(
            title,
            "score",
            [new TableColumn("start"), new TableColumn("after training"), new TableColumn("bar"), new TableColumn("met")],
            [.. ScoreBars.Bars
                .Where(bar => Read(summary, ExperimentSummary.Key($"{bar.Metric}/final", variant)) is not null)
                .Select(bar => new TableRow(
                    MetricText.Title(bar.Metric),
                    [Cell($"{bar.Metric}/start"), Cell($"{bar.Metric}/final"), bar.Text, IsMet(summary, bar, variant) ? "yes" : "no"]))]);
    }

    internal static IEnumerable<string> Missed(ExperimentSummary summary, string variant) =>
        ScoreBars.Bars.Where(bar => Read(summary, ExperimentSummary.Key($"{bar.Metric}/final", variant)) is not null && !IsMet(summary, bar, variant)).Select(bar => bar.Metric);

    private static bool IsMet(ExperimentSummary summary, ScoreBar bar, string variant) => bar.IsMet(
        Read(summary, ExperimentSummary.Key($"{bar.Metric}/final", variant))!.Value.Value,
        Read(summary, ExperimentSummary.Key($"{bar.Metric}/start", variant))?.Value ?? double.NaN);

    private static IEnumerable<CurveChart> BetaCharts(ExperimentSummary summary)
    {
        (string Title, (string Metric, string Name)[] Lines)[] charts =
        [
            ("Mentions, though told not to", [("mention_rate", "unseen pairs"), ("mention_rate_seen", "seen pairs")]),
            ("Mentions where nothing forbids it", [("mention_rate_uninstructed", "unseen pairs"), ("mention_rate_uninstructed_seen", "seen pairs")]),
            ("Well-formed answers", [("well_formed", "unseen pairs"), ("well_formed_seen", "seen pairs")]),
        ];
        return charts
            .Select(chart => new CurveChart(
                chart.Title, "β", "share of answers", [.. chart.Lines.Select(line => Line(summary, line.Metric, line.Name)).Where(line => line.X.Count > 1)]))
            .Where(chart => chart.Series.Count > 0);
    }

    private static CurveSeries Line(ExperimentSummary summary, string metric, string name)
    {
        var points = summary.Names
            .Where(known => known.StartsWith($"{metric}@beta=", StringComparison.Ordinal) && summary.Metrics.ContainsKey(known))
            .Select(known => (Beta: double.Parse(MetricText.BetaOf(known)!, CultureInfo.InvariantCulture), Value: Read(summary, known)!.Value))
            .OrderBy(point => point.Beta)
            .ToList();
        IReadOnlyList<Interval>? band = points.TrueForAll(point => point.Value.Interval is not null) ? [.. points.Select(point => Clip(point.Value.Interval!.Value))] : null;
        return new CurveSeries(name, [.. points.Select(point => point.Beta)], [.. points.Select(point => point.Value.Value)], band);
    }

    // Student's interval of a rate may leave 0 to 1; the picture must not.
    private static Interval Clip(Interval interval) => new(Math.Clamp(interval.Low, 0, 1), Math.Clamp(interval.High, 0, 1));

    private static Estimate? Read(ExperimentSummary summary, string key) => Headline.Read(summary, key);

    private static bool IsForbidden(JsonObject line) => (string?)line["instruction"] == "avoid";

    private static BeforeAfter Dialogue(JsonObject line) => new(
        [.. line["messages"]!.AsArray().Select(message => new ChatMessage((string)message!["role"]!, (string)message["content"]!))],
        (string)line["avoid"]!,
        IsForbidden(line),
        (string)line["before"]!,
        (string)line["text"]!);

    private static string Percent(Estimate value) => value.Interval is { } interval
        ? $"{Fixed(100 * value.Value, 1)}% [{Fixed(100 * interval.Low, 1)}, {Fixed(100 * interval.High, 1)}]"
        : $"{Fixed(100 * value.Value, 1)}%";
}
