using System.Globalization;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;
using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>Writes the report of a sweep.</summary>
internal static class SweepReport
{
    private const int Digits = 3;
    private const double Certain = 0.05;

    /// <summary>Writes it.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="plan">The sweep.</param>
    /// <param name="ranked">What became of the trials, best first.</param>
    public static void Write(ExperimentFolder folder, SweepPlan plan, IReadOnlyList<TrialResult> ranked)
    {
        var (sweep, best) = (plan.Sweep, ranked[0]);
        var failed = ranked.Where(result => result.Status == TrialStatus.Failed).ToList();
        List<IReportBlock> blocks =
        [
            new VerdictBlock(Verdict(plan, ranked)),
            new HeadingBlock($"The best settings: {best.Trial.Name}"),
            new CodeBlock("Settings of the best trial, for a recipe", RecipeTemplate<TrainingRecipe>.Sections([.. best.Trial.Settings.Select(setting => $"{setting.Key}={setting.Value}")])),
            new TextBlock($"The whole recipe is best.yaml in the folder of the sweep. It has been chosen on what it is measured by here, so its score flatters it; train it anew with other seeds: rlhf train {SweepResults.BestPath(folder.Path)} --set seeds=[1,2,3]"),
            Trials(plan, ranked),
            .. failed.Count == 0 ? [] : new IReportBlock[]
            {
                new TableBlock("Trials that failed", "trial", [new TableColumn("settings"), new TableColumn("why")], [.. failed.Select(result => new TableRow(result.Trial.Name, [result.Trial.SettingsText, result.Problem!]))]),
            },
            new HeadingBlock("Which settings matter"),
            Importance(plan, ranked),
            new TextBlock(
                "What this measure cannot see: a best value in the middle of a range (look at the charts), and settings that matter only together with others. Shares do not add up to 1, and with few trials large ones come by "
                + "chance: that is what the last column is for, which is not corrected for the number of settings. Trials that failed count as the worst."),
            new HeadingBlock($"{MetricText.Title(sweep.Metric)} against each setting{(plan.Rungs.Count > 1 ? $", all trials at step {plan.Rungs[0].Steps}" : string.Empty)}"),
            new CurvesBlock([.. sweep.Parameters.Select(parameter => Chart(plan, parameter.Key, parameter.Value, ranked)).OfType<CurveChart>()]),
            .. CaveatBlocks.Of(plan.Recipe.Caveats),
            TrainingReport.Reproduce(folder, plan.Recipe),
        ];
        ReportWriter.Write(folder.ReportPath, new Report(plan.Recipe.Name, plan.Recipe.Description, blocks));
    }

    private static string Verdict(SweepPlan plan, IReadOnlyList<TrialResult> ranked)
    {
        var (best, score) = (ranked[0], ranked[0].Last!);
        var counts = new[] { (TrialStatus.Done, "trained to the end"), (TrialStatus.Stopped, "stopped on the way"), (TrialStatus.Failed, "failed") }
            .Select(status => (Count: ranked.Count(result => result.Status == status.Item1), status.Item2))
            .Where(status => status.Count > 0)
            .Select(status => $"{status.Count} {status.Item2}");
        var bars = plan.Sweep.Bars.Count == 0 ? string.Empty
            : score.MeetsBars ? $" It meets all bars, as {ranked.Count(result => result.Last?.MeetsBars == true && result.Trial != best.Trial)} others do at their last step."
            : " No trial that was trained to the end meets all bars; this one misses them by least.";
        return $"{best.Trial.Name} is the best of {ranked.Count} trials ({string.Join(", ", counts)}): {MetricText.Title(plan.Sweep.Metric)} {Fixed(score.Value, Digits)} at step {score.Step}, with {best.Trial.SettingsText}.{bars}";
    }

    private static TableBlock Trials(SweepPlan plan, IReadOnlyList<TrialResult> ranked)
    {
        var sweep = plan.Sweep;
        string[] metrics = [.. sweep.Bars.Select(bar => bar.Metric).Where(metric => metric != sweep.Metric).Distinct()];
        return new TableBlock(
            "All trials, best first",
            "trial",
            [
                new TableColumn(sweep.Metric, Digits),
                .. metrics.Select(metric => new TableColumn(metric, Digits)),
                .. sweep.Bars.Count > 0 ? [new TableColumn("bars")] : Array.Empty<TableColumn>(),
                new TableColumn("steps", 0),
                .. sweep.Parameters.Keys.Select(key => new TableColumn(Name(sweep, key))),
            ],
            [.. ranked.Select(result => new TableRow(
                result.Trial.Name,
                [
                    result.Last is { } last ? last.Value : TableCell.Empty,
                    .. metrics.Select(metric => result.Last is { } score ? score.Metrics[metric] : TableCell.Empty),
                    .. sweep.Bars.Count > 0 ? [result.Last is null ? TableCell.Empty : result.Last.MeetsBars ? "met" : "missed"] : Array.Empty<TableCell>(),
                    result.Status == TrialStatus.Failed ? "failed" : result.Last is { } end ? end.Step : TableCell.Empty,
                    .. result.Trial.Settings.Select(setting => (TableCell)setting.Value),
                ]))],
            $"Each at its last step. {(plan.Rungs.Count > 1 ? "Those that were trained further stand first. " : string.Empty)}"
            + (sweep.Bars.Count > 0 ? $"Bars: {string.Join("; ", sweep.Bars.Select(bar => bar.Text))}. Trials that meet them stand before those that do not, then those that miss them by less." : string.Empty));
    }

    private static TableBlock Importance(SweepPlan plan, IReadOnlyList<TrialResult> ranked)
    {
        var places = Places(plan, ranked);
        var rows = plan.Sweep.Parameters.Keys
            .Select(key => ParameterImportance.Of(key, [.. ranked.Select(result => Value(result, key))], places))
            .OrderByDescending(one => one.Share ?? -1)
            .Select(one => new TableRow(one.Key, [
                one.Share is { } share ? share : TableCell.Empty,
                one.Correlation is { } correlation ? $"{(correlation > 0 ? "higher" : "lower")} is better (ρ = {Fixed(correlation, 2)})" : one.Best is { } best ? $"best on average: {best}" : "does not vary",
                one.Share is null ? TableCell.Empty : one.Chance,
                one.Share is null ? TableCell.Empty : one.Chance < Certain ? "yes" : "not shown"]));
        return new TableBlock(
            "Share of the variance of places that a setting explains by itself",
            "setting",
            [new TableColumn("share", 2), new TableColumn("direction"), new TableColumn("by chance", Digits), new TableColumn("matters")],
            [.. rows],
            $"Places are those of {(plan.Rungs.Count > 1 ? $"the first rung, step {plan.Rungs[0].Steps}, where all trials were trained alike" : "the table above")}. Numbers: Spearman's ρ squared. Names: H/(n − 1) of Kruskal and Wallis. "
            + "“By chance” is how often 2,000 random dealings of the places explain as much.");
    }

    // At the first rung, for there all trials were trained alike; failed ones share the last place.
    private static double[] Places(SweepPlan plan, IReadOnlyList<TrialResult> ranked)
    {
        var order = ranked.Where(HasFirst).OrderBy(result => result.Scores[0], Comparer<TrialScore>.Create((first, second) => TrialScore.Compare(first, second, plan.Sweep.Goal))).ToList();
        var places = new Dictionary<int, double>();
        foreach (var (index, result) in order.Index())
        {
            var isEqual = index > 0 && TrialScore.Compare(order[index - 1].Scores[0], result.Scores[0], plan.Sweep.Goal) == 0;
            places[result.Trial.Index] = isEqual ? places[order[index - 1].Trial.Index] : index;
        }
        return [.. ranked.Select(result => places.GetValueOrDefault(result.Trial.Index, order.Count))];
    }

    // What is no number, or failed on the way to the first comparison, has no place of its own.
    private static bool HasFirst(TrialResult result) => result.Scores.Count > 0 && (result.Status != TrialStatus.Failed || result.Scores.Count > 1);

    private static CurveChart? Chart(SweepPlan plan, string key, SweepParameterOptions parameter, IReadOnlyList<TrialResult> ranked)
    {
        var measured = ranked.Where(result => result.Scores.Count > 0).ToList();
        if (measured.Count < 2)
        {
            return null;
        }
        var isNumber = ParameterImportance.Numbers([.. measured.Select(result => Value(result, key))]) is not null;
        string[] names = isNumber ? [] : [.. SweepDraw.Extremes(parameter).Distinct()];
        CurveSeries Series(string title, Func<TrialResult, bool> belongs)
        {
            var points = measured.Where(belongs).Select(result => (X: X(result), Y: result.Scores[0].Value)).OrderBy(point => point.X).ToList();
            return new CurveSeries(title, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]) { AreDots = true };
        }
        double X(TrialResult result) => isNumber
            ? double.Parse(Value(result, key), CultureInfo.InvariantCulture)
            : Array.IndexOf(names, Value(result, key)) + Aside(result.Trial.Index);
        return new CurveChart(
            key,
            isNumber ? Name(plan.Sweep, key) : $"{Name(plan.Sweep, key)} (dots of one value stand side by side)",
            MetricText.Title(plan.Sweep.Metric),
            plan.Sweep.Bars.Count == 0
                ? [Series("trials", _ => true)]
                : [Series("meets all bars", result => result.Scores[0].MeetsBars), Series("misses a bar", result => !result.Scores[0].MeetsBars)])
        {
            XIsLog = parameter.Scale == SweepScale.Log,
            XNames = names,
        };
    }

    // Dots of one name would cover each other.
    private static double Aside(int trial) => (trial * 7 % 11 - 5) / 30.0;

    private static string Value(TrialResult result, string key) => result.Trial.Settings.First(setting => setting.Key == key).Value;

    private static string Name(SweepOptions sweep, string key) => SweepTrial.ShortKey(key, sweep.Parameters.Keys);
}
