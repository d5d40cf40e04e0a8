using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training.Metrics;
using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Says in words what the numbers show, also where that is little.</summary>
internal static class Conclusions
{
    private const string Difference = "difference/";

    /// <summary>Says in a sentence or two what came out; empty where nothing is known to say.</summary>
    public static string Verdict(ExperimentSummary summary, TrainingRecipe recipe) =>
        Headline.Steered(summary) is { } steered ? Steering(summary, recipe, steered)
        : PreferenceJudge.Of(summary) is { } judge ? Preferences(summary, judge)
        : summary.Metrics.TryGetValue("eval_loss", out var loss)
            ? $"On held-out answers the loss is {Fixed(loss, 3)} per token, a perplexity of {Fixed(Math.Exp(loss), 1)}."
        : string.Empty;

    /// <summary>Adds what else is worth knowing.</summary>
    public static IEnumerable<string> Details(ExperimentSummary summary, TrainingRecipe recipe)
    {
        if (Headline.Steered(summary) is { } steered && Headline.Read(summary, steered) is { } own)
        {
            foreach (var variant in summary.Variants.Where(variant => variant.Length > 0))
            {
                if (Headline.Read(summary, ExperimentSummary.Key(steered, variant)) is { } other)
                {
                    yield return $"{VariantText.Title(variant, recipe)} scores {Show(other)} under the same steering, "
                        + $"{VariantText.Title(string.Empty, recipe)} {Show(own)}{Overlap(own, other)}.";
                }
            }
        }
        var judge = PreferenceJudge.Of(summary)?.Name;
        foreach (var name in Differences(summary))
        {
            if (summary.Intervals.TryGetValue(name, out var interval))
            {
                var verdict = interval.Low > 0 ? $"{judge} is better" : interval.High < 0 ? $"{judge} is worse" : "the data does not separate the two";
                yield return $"{MetricText.Title(name)}, paired over prompts: {Show(new Estimate(summary.Metrics[name], interval))}: {verdict}.";
            }
        }
        if (summary.Metrics.TryGetValue("diagnostics/v_separated_share", out var share)
            && summary.Metrics.TryGetValue("diagnostics/q_last_auc", out var last))
        {
            yield return $"At the last token the target Q puts a good answer above a bad one with probability {Fixed(last, 2)}; "
                + $"V tells them apart over {Fixed(100 * share, 0)}% of the answer's length.";
        }
    }

    private static string Steering(ExperimentSummary summary, TrainingRecipe recipe, string steered)
    {
        var own = Headline.Read(summary, steered)!.Value;
        if (Headline.Read(summary, Headline.Plain) is not { } plain || steered == Headline.Plain)
        {
            return $"Walks of the model score {Show(own)} of 1.";
        }
        // Over seeds the gain has an interval of its own; within one seed two intervals that do not overlap say more than enough.
        var gain = Headline.Read(summary, "steering/gain")?.Interval;
        var helps = gain is { } known ? known.Low > 0 : own.Interval?.Low > plain.Interval?.High;
        var harms = gain is { } other ? other.High < 0 : own.Interval?.High < plain.Interval?.Low;
        var opening = helps ? "ILQL found short ways" : harms ? "Steering made the walks worse" : "Whether steering helps is not settled";
        var caveat = recipe.Seeds.Count == 1 ? " One seed only; another may turn out differently." : string.Empty;
        return $"{opening}: steered by Q and V, walks score {Show(own)} of 1, without steering {Show(plain)}.{caveat}";
    }

    private static string Preferences(ExperimentSummary summary, PreferenceJudge judge)
    {
        var accuracy = Headline.Read(summary, judge.Metric)!.Value;
        var intervals = Differences(summary).Where(summary.Intervals.ContainsKey).Select(name => summary.Intervals[name]).ToList();
        var opening = intervals.Count == 0 && accuracy.Interval?.Low > 0.5 ? $"{judge.Name} learned something that carries over"
            : intervals.Count == 0 ? $"{judge.Name} is not shown to be better than chance"
            : intervals.TrueForAll(interval => interval.Low > 0) ? $"{judge.Name} judges better than the simple judges"
            : intervals.Exists(interval => interval.High < 0) ? $"{judge.Name} judges worse than a simple judge that does not understand the dialogue"
            : $"{judge.Name} is not shown to judge better than simple judges that do not understand the dialogue";
        return $"{opening}: it agrees with people on {Percent(accuracy)} of the held-out pairs, where chance is 50%.";
    }

    private static IEnumerable<string> Differences(ExperimentSummary summary) =>
        summary.Names.Where(name => name.StartsWith(Difference, StringComparison.Ordinal) && summary.Metrics.ContainsKey(name));

    private static string Overlap(Estimate one, Estimate other) =>
        one.Interval is not { } first || other.Interval is not { } second ? string.Empty
        : first.Low > second.High || second.Low > first.High ? "; the intervals do not overlap"
        : "; the intervals overlap";

    private static string Show(Estimate value) =>
        value.Interval is { } interval ? $"{Fixed(value.Value, 2)} {Interval(interval, 2)}" : Fixed(value.Value, 2);

    private static string Percent(Estimate value) => value.Interval is { } interval
        ? $"{Fixed(100 * value.Value, 1)}% [{Fixed(100 * interval.Low, 1)}, {Fixed(100 * interval.High, 1)}]"
        : $"{Fixed(100 * value.Value, 1)}%";
}
