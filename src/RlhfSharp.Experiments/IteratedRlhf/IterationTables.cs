using RlhfSharp.Experiments.Reports;
using RlhfSharp.Experiments.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The tables of an iterated experiment's report.</summary>
internal static class IterationTables
{
    private static readonly Column[] OfRows =
    [
        new("gold/final", "gold at the end", 2, BestValue.Highest),
        new("gold/peak", "gold at its peak", 2, BestValue.Highest),
        new("gold/drop", "fall from the peak", 2, BestValue.Lowest),
        new("win_rate/final", "wins against the start", 2, BestValue.Highest),
    ];

    private static readonly Column[] OfDistances = [new("kl/onset", "KL at the peak", 1), new("kl/final", "KL at the end", 1), new("gap/final", "proxy − gold", 2)];

    private static readonly Column[] OfBudgets = [new("labels", "gold labels", 0), new(IterationCost.SamplesMetric, "answers sampled", 0), new("tokens", "tokens through the policy", 0)];

    private static readonly Column[] OfGold =
        [new("gold/final", "gold at the end", 2), new("gold/peak", "gold at its peak", 2), new("gold/drop", "fall from the peak", 2), new("kl/onset", "KL at the peak", 1)];

    private static readonly Column[] OfProxies = [new("gap/final", "proxy − gold", 2), new("rank_correlation/final", "rank correlation", 2), new("proxy_accuracy/final", "accuracy", 2)];

    private static readonly Column[] OfPolicies =
    [
        new("win_rate/final", "wins against the start", 2), new("kl/final", "KL", 1), new("length/final", "tokens", 1), new("entropy/final", "entropy", 1), new("distinct_2/final", "distinct-2", 2),
    ];

    private static readonly Column[] OfLaws = [new("fit/alpha", "α", 2), new("fit/beta", "β", 2), new("fit/residual", "residual", 3)];

    /// <summary>Summarises each iteration by itself, over seeds.</summary>
    /// <returns>The numbers, by the names that <see cref="Name"/> gives.</returns>
    public static ExperimentSummary ByIteration(IReadOnlyList<IterationTrack> tracks, IReadOnlyList<string> ranked) => ExperimentSummary.Of(
    [
        .. from row in ranked
           from track in tracks
           where track.Row == row
           from iteration in Enumerable.Range(1, track.Iterations)
           select (Name(row, iteration), track.Seed, IterationCurve.Result(track.Of(iteration), track.Law)),
    ]);

    /// <summary>Names an iteration of a row.</summary>
    public static string Name(string row, int iteration) => $"{row}, iteration {iteration}";

    /// <summary>Makes the tables that rank the rows.</summary>
    public static IEnumerable<TableBlock> Rows(ExperimentSummary summary, IReadOnlyList<string> ranked) =>
    [
        Table(
            "Rows, by gold at the end",
            "row",
            OfRows,
            summary,
            ranked,
            "Gold and proxy are in units of their standard deviation on answers of the start, where both have mean 0. The peak of gold, smoothed over three evaluations, is located on the prompts about one half of "
            + "the things and measured on the other half, and so is the fall from it."),
        Table(
            "How far they went, and how far proxy and gold came apart",
            "row",
            OfDistances,
            summary,
            ranked,
            "KL is the mean over answers of log π − log π_start, summed over the answer's tokens (the estimator k1), in nats; for the best of n it is log n − (n − 1)/n, which is only a bound where answers repeat "
            + "each other. The interval of the KL at the peak is that of locating it on other prompts."),
    ];

    /// <summary>Makes the table of what rows cost.</summary>
    public static TableBlock Budgets(ExperimentSummary summary, IReadOnlyList<string> ranked) => Table(
        "Budgets",
        "row",
        OfBudgets,
        summary,
        ranked,
        "Sampled are the answers that were labelled and those that the policy learnt from. Tokens count what learning costs: sampling, training of policies and of the proxies that reward them; not gold, which "
        + "stands in for people, and not evaluations.");

    /// <summary>Makes the tables of iterations.</summary>
    public static IEnumerable<TableBlock> Iterations(ExperimentSummary iterations) =>
    [
        Table("Gold in each iteration", "row and iteration", OfGold, iterations, iterations.Variants, string.Empty),
        Table(
            "Proxies at the end of each iteration",
            "row and iteration",
            OfProxies,
            iterations,
            iterations.Variants,
            "Rank correlation is Spearman's, between proxy and gold over answers of the policy as it is then; accuracy is how often the proxy prefers the same of two of its answers to a prompt."),
        Table(
            "Policies at the end of each iteration",
            "row and iteration",
            OfPolicies,
            iterations,
            iterations.Variants,
            "Tokens are those of an answer. Entropy is the mean over answers of −log π, in nats per answer; of the best of n nobody knows it. distinct-2 is the share of pairs of neighbouring words that are different."),
    ];

    /// <summary>Makes the table of fits.</summary>
    public static TableBlock Laws(ExperimentSummary iterations, IReadOnlyList<IterationTrack> tracks) => Table(
        "Gold = d (α − β log d) after training, d (α − β d) for the best of n; d = √KL",
        "row and iteration",
        OfLaws,
        iterations,
        iterations.Variants,
        "Least squares over the evaluations of an iteration; the law is 0 at the start. Where β is above 0 the law has a peak. "
        + (tracks.Select(track => track.Seed).Distinct().Count() > 1
            ? "Intervals are Student's over seeds."
            : "Intervals are those of other prompts for this very training: how α and β vary with the seed, one seed cannot tell.")
        + " The residual is the standard deviation of the evaluations around the law. A dash: too few evaluations away from the start.");

    private static TableBlock Table(string caption, string header, Column[] columns, ExperimentSummary summary, IReadOnlyList<string> rows, string note) => new(
        caption,
        header,
        [.. columns.Select(column => new TableColumn(column.Header, column.Digits, column.Best))],
        [.. rows.Select(row => new TableRow(row, [.. columns.Select(column => Headline.Read(summary, ExperimentSummary.Key(column.Metric, row)) is { } value ? value : TableCell.Empty)]))],
        note);

    private sealed record Column(string Metric, string Header, int Digits, BestValue Best = BestValue.None);
}
