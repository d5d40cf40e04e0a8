using System.Globalization;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Writes the report of an experiment from what its runs left on disk.</summary>
internal static class TrainingReport
{
    private const int SamplesShown = 8;
    private static readonly string[] TrainingCurves = ["objective/scores", "objective/kl", "completions/mean_length", "val/ratio", "policy/clipfrac_avg", "rest/kept", "losses/loss", "loss", "losses/loss_q", "target/distance"];

    public static void Write(
        ExperimentFolder folder,
        TrainingRecipe recipe,
        IReadOnlyList<ExperimentMember> members,
        ExperimentSummary summary,
        IReadOnlyList<DataFact> dataFacts,
        bool showText)
    {
        var logs = members.Select(member => (member.Variant, Lines: MetricLog.Read(member.Directory))).ToList();
        var isAboutElephants = recipe.Evaluation is PinkElephantEvaluationOptions;
        var verdict = recipe.Row is not null ? string.Empty   // of a table no single row is the result
            : isAboutElephants ? PinkElephantReport.Verdict(summary) : Conclusions.Verdict(summary, recipe);
        List<IReportBlock> blocks =
        [
            .. verdict.Length > 0 ? [new VerdictBlock(verdict)] : Array.Empty<IReportBlock>(),
            .. Headline.Bars(summary, recipe, dataFacts) is { } bars ? [bars] : Array.Empty<IReportBlock>(),
            .. !isAboutElephants || summary.Variants.Count < 2 ? []
                : recipe.Loop.ComputeBudget == 0 ? CauseReport.Blocks(summary, recipe, logs)
                : MethodsReport.Blocks(summary, recipe, members),
            .. isAboutElephants ? PinkElephantReport.Scores(summary, recipe) : [],
            .. isAboutElephants ? SideBySide(members) : [],
            .. Conclusions.Details(summary, recipe).Select(text => new TextBlock(text)),
            .. Warnings(members, recipe),
            .. CaveatBlocks.Of(recipe.Caveats),
            new HeadingBlock("Over the course of training"),
            new CurvesBlock([.. Curves(summary).Select(name => Chart(name, logs, recipe)).OfType<CurveChart>()]),
            new HeadingBlock("All results"),
            Table(summary, recipe),
            .. RolloutSamples.Blocks(members[0], showText || recipe.Data is not DialogueDataOptions),
            .. isAboutElephants ? [] : Samples(members, recipe, showText),
            new HeadingBlock("The data"),
            new TableBlock("What was read", "fact", [new TableColumn("value")], [.. dataFacts.Select(fact => new TableRow(fact.Name, [fact.Value]))]),
            Reproduce(folder, recipe),
        ];
        ReportWriter.Write(folder.ReportPath, new Report(recipe.Name, recipe.Description, blocks));
    }

    private static IEnumerable<IReportBlock> SideBySide(IReadOnlyList<ExperimentMember> members) =>
        PinkElephantReport.Dialogues(members[0]) is { } dialogues ? [new HeadingBlock("The same dialogues, before and after"), dialogues] : [];

    // What the experiment is about comes first; details stand in the table.
    private static IEnumerable<string> Curves(ExperimentSummary summary)
    {
        string[] scores = ["optimality", "accuracy/", "mention_rate@", "mention_rate_uninstructed@", "eval_accuracy", "eval_margin", "eval_rewards/accuracies", "eval_rewards/margins", "eval_logps/chosen", "eval_loss", "diagnostics/q", "diagnostics/v_separated"];
        return new[] { Headline.Metric(summary) }.OfType<string>()
            .Concat(summary.Names.Where(name => scores.Any(score => name.StartsWith(score, StringComparison.Ordinal))))
            .Concat(TrainingCurves)
            .Distinct();
    }

    private static TableBlock Table(ExperimentSummary summary, TrainingRecipe recipe)
    {
        var columns = summary.Variants.Select(variant => new TableColumn(VariantText.Title(variant, recipe))).ToList();
        var rows = summary.Names
            .Where(name => summary.Variants.Any(variant => summary.Metrics.ContainsKey(ExperimentSummary.Key(name, variant))))
            .Select(name => new TableRow(
                MetricText.Title(name), [.. summary.Variants.Select(variant => Cell(summary, ExperimentSummary.Key(name, variant)))]));
        var note = recipe.Seeds.Count > 1
            ? $"Means over {recipe.Seeds.Count} seeds; intervals are Student's over seeds."
            : "One seed; intervals, where there are any, are over prompts (bootstrap by cluster).";
        return new TableBlock("At the end of training", "metric", columns, [.. rows], note);
    }

    private static TableCell Cell(ExperimentSummary summary, string key) =>
        Headline.Read(summary, key) is { } value ? value : TableCell.Empty;

    private static IEnumerable<IReportBlock> Warnings(IReadOnlyList<ExperimentMember> members, TrainingRecipe recipe) =>
        members
            .Where(member => member.Recipe.Objective is IlqlOptions ilql && (ilql.TargetSync == TargetSync.Never || ilql.Alpha == 0))
            .Select(member => member.Variant)
            .Distinct()
            .Select(variant => new WarningBlock($"Dead target network: {VariantText.Title(variant, recipe)}", IlqlTask.DeadTargetWarning));

    private static CurveChart? Chart(string name, IReadOnlyList<(string Variant, IReadOnlyList<JsonObject> Lines)> logs, TrainingRecipe recipe)
    {
        var series = logs
            .GroupBy(log => log.Variant)
            .Select(group => Series(name, VariantText.Title(group.Key, recipe), [.. group.Select(log => log.Lines)]))
            .Where(one => one.X.Count > 1)
            .ToList();
        return series.Count == 0 ? null : new CurveChart(MetricText.Title(name), "optimiser step", MetricText.Unit(name), series);
    }

    // The mean over runs at each step at which all of them were measured.
    private static CurveSeries Series(string name, string title, IReadOnlyList<IReadOnlyList<JsonObject>> runs)
    {
        var points = runs
            .SelectMany(lines => lines.Where(line => line[name] is not null).Select(line => (Step: (int)line["step"]!, Value: (double)line[name]!)))
            .GroupBy(point => point.Step)
            .Where(group => group.Count() >= runs.Count)
            .OrderBy(group => group.Key)
            .Select(group => (X: (double)group.Key, Y: group.Average(point => point.Value)))
            .ToList();
        return new CurveSeries(title, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
    }

    private static IEnumerable<IReportBlock> Samples(IReadOnlyList<ExperimentMember> members, TrainingRecipe recipe, bool showText)
    {
        var lines = MetricLog.Read(members[0].Directory, "samples.jsonl");
        var last = lines.Count == 0 ? 0 : lines.Max(line => (int)line["step"]!);
        var samples = lines.Where(line => (int)line["step"]! == last).TakeLast(SamplesShown).Select(Sample).ToList();
        // Texts of data sets may offend; what the project makes itself does not.
        var isOwnText = recipe.Data is not DialogueDataOptions;
        return samples.Count == 0
            ? []
            : [new HeadingBlock("Samples"), new SamplesBlock($"{members[0].Title}, step {last}", samples, showText || isOwnText)];
    }

    private static ReportSample Sample(JsonObject line) => new(
        (string?)line["prompt"] ?? string.Empty,
        (string?)line["text"] ?? string.Empty,
        [.. line.Where(pair => pair.Key is not ("prompt" or "text" or "step")).Select(pair => new ReportFact(pair.Key, Fact(pair.Value)))]);

    private static string Fact(JsonNode? value) => value is JsonValue number && number.TryGetValue(out double known)
        ? known.ToString("0.###", CultureInfo.InvariantCulture)
        : value?.ToString() ?? "none";

    private static string Duration(double seconds) => TimeSpan.FromSeconds(seconds).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>Says how to do a training run or a sweep again.</summary>
    internal static ReproduceBlock Reproduce(ExperimentFolder folder, TrainingRecipe recipe) => new(
        [folder.Facts["command"]!.ToString()],
        recipe.Seeds,
        [
            .. folder.Facts["versions"]!.AsObject().Select(version => new ReportFact(version.Key, version.Value?.ToString() ?? string.Empty)),
            new ReportFact("device", folder.Facts["device"]!.ToString()),
            new ReportFact("threads", folder.Facts["threads"]!.ToString()),
            new ReportFact("duration", Duration((double)folder.Facts["seconds"]!)),
        ]);
}
