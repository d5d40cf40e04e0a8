using System.Globalization;
using RlhfSharp.Experiments.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Says whether rows had equal means: only then does their order say something about methods.</summary>
internal static class IterationBudgets
{
    /// <summary>Compares what rows asked gold for and how many answers they sampled.</summary>
    /// <param name="summary">All rows' numbers.</param>
    /// <param name="rows">The rows.</param>
    /// <returns>One sentence for each budget; rows that differ from most are named with theirs.</returns>
    public static string Describe(ExperimentSummary summary, IReadOnlyList<string> rows) =>
        $"{Sentence("Gold labels", "labels", summary, rows)} {Sentence("Sampled answers", IterationCost.SamplesMetric, summary, rows)}";

    private static string Sentence(string what, string metric, ExperimentSummary summary, IReadOnlyList<string> rows)
    {
        var budgets = rows.ToDictionary(row => row, row => summary.Metrics[ExperimentSummary.Key(metric, row)]);
        var usual = budgets.Values.GroupBy(value => value).MaxBy(group => group.Count())!;
        var others = budgets.Where(budget => budget.Value != usual.Key).ToList();
        return rows.Count == 1 ? $"{what}: {Number(usual.Key)}."
            : others.Count == 0 ? $"{what} are equal: {Number(usual.Key)} in each row."
            : usual.Count() == 1 ? $"{what} differ: {List(budgets)}."
            : $"{what} differ: {Number(usual.Key)} in {string.Join(", ", rows.Where(row => budgets[row] == usual.Key))}, but {List(others)}.";
    }

    private static string List(IEnumerable<KeyValuePair<string, double>> budgets) => string.Join(", ", budgets.Select(budget => $"{Number(budget.Value)} in {budget.Key}"));

    // Means over seeds need not be whole.
    private static string Number(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);
}
