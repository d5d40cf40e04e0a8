using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Runs;

/// <summary>The numbers that an experiment is about, as bars: the model's beside those of other judges, policies and variants.</summary>
internal static class Headline
{
    /// <summary>The score of the model alone.</summary>
    public const string Plain = "optimality@beta=0";

    /// <summary>Gets the metric that an experiment is about: the score under the strongest steering, or the trained judge's accuracy; null for others.</summary>
    public static string? Metric(ExperimentSummary summary) =>
        Steered(summary) ?? PreferenceJudge.Of(summary)?.Metric;

    /// <summary>Makes the bars.</summary>
    /// <param name="summary">The experiment's numbers.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="facts">Of the data; those with a score become bars.</param>
    /// <returns>Null where there is nothing to set beside the model's number.</returns>
    public static BarsBlock? Bars(ExperimentSummary summary, TrainingRecipe recipe, IReadOnlyList<DataFact> facts)
    {
        if (Metric(summary) is not { } metric)
        {
            return null;
        }
        var (title, own) = Steered(summary) is null
            ? ("Share of held-out pairs on which a judge agrees with people", Judges(summary))
            : ("How direct the walks are: 1 is the shortest way", Variants(summary, recipe, metric));
        var untrained = facts.Where(fact => fact.Score is not null).Select(fact => new Bar(fact.Name, new Estimate(fact.Score!.Value)));
        List<Bar> bars = [.. own, .. untrained];
        return bars.Count > 1 ? new BarsBlock(title, bars) : null;
    }

    /// <summary>Reads a number with its interval.</summary>
    public static Estimate? Read(ExperimentSummary summary, string key) => summary.Metrics.TryGetValue(key, out var value)
        ? new Estimate(value, summary.Intervals.TryGetValue(key, out var interval) ? interval : null)
        : null;

    /// <summary>Gets the score under the strongest steering; null where nothing was steered.</summary>
    public static string? Steered(ExperimentSummary summary) =>
        summary.Names.LastOrDefault(name => name.StartsWith("optimality@", StringComparison.Ordinal));

    private static List<Bar> Judges(ExperimentSummary summary) =>
    [
        .. from name in summary.Names
           where (name.StartsWith("accuracy/", StringComparison.Ordinal) || name == PreferenceJudge.Of(summary)?.Metric) && summary.Metrics.ContainsKey(name)
           let title = MetricText.Title(name)["Accuracy of ".Length..]
           select new Bar($"{char.ToUpperInvariant(title[0])}{title[1..]}", Read(summary, name)!.Value),
    ];

    private static List<Bar> Variants(ExperimentSummary summary, TrainingRecipe recipe, string metric) =>
    [
        .. from variant in summary.Variants
           let value = Read(summary, ExperimentSummary.Key(metric, variant))
           where value is not null
           let title = summary.Variants.Count > 1 ? VariantText.Title(variant, recipe) : MethodName.Of(recipe.Objective)
           select new Bar(metric == Plain ? title : $"{title}, steered (β = {MetricText.BetaOf(metric)})", value.Value),
        .. Read(summary, Plain) is { } unsteered && metric != Plain ? [new Bar("Not steered (β = 0)", unsteered)] : Array.Empty<Bar>(),
    ];
}
