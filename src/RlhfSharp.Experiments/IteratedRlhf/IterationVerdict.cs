using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Metrics;
using static RlhfSharp.Experiments.Reports.NumberText;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Says in words what an iterated experiment shows, and what it does not.</summary>
internal static class IterationVerdict
{
    /// <summary>Writes it.</summary>
    /// <param name="summary">All rows' numbers.</param>
    /// <param name="tracks">Each row with each seed.</param>
    /// <param name="ranked">The rows, the one that ends highest first.</param>
    public static string Of(ExperimentSummary summary, IReadOnlyList<IterationTrack> tracks, IReadOnlyList<string> ranked) => string.Join(
        "\n\n", new[] { Ranking(summary, tracks, ranked), Overoptimisation(summary, tracks, ranked), StillRising(tracks, ranked) }.Where(paragraph => paragraph.Length > 0));

    private static string Ranking(ExperimentSummary summary, IReadOnlyList<IterationTrack> tracks, IReadOnlyList<string> ranked)
    {
        var best = ranked[0];
        var sentences = new List<string> { $"{best} ends highest: gold {Text(summary, "gold/final", best)}, in standard deviations of the start's answers." };
        if (ranked.Count == 1)
        {
            return $"At the end of {best} gold is {Text(summary, "gold/final", best)}, in standard deviations of the start's answers.";
        }
        var seeds = tracks.Select(track => track.Seed).Distinct().Count();
        var leads = ranked.Skip(1).Select(row => (Row: row, Lead: Lead([.. tracks.Where(track => track.Row == best)], [.. tracks.Where(track => track.Row == row)]))).ToList();
        var (apart, close) = (leads.Where(lead => lead.Lead is { Interval.Low: > 0 }).ToList(), leads.Where(lead => lead.Lead is { Interval.Low: <= 0 }).ToList());
        sentences.Add(seeds > 1
            ? $"Differences are paired over {seeds} seeds."
            : "With one seed the differences are those between these very policies, over prompts; whether the methods differ, only several seeds can tell.");
        if (apart.Count > 0)
        {
            sentences.Add($"Separated from it: {string.Join(", ", apart.Select(lead => $"{lead.Row} by {Text(lead.Lead!.Value)}"))}.");
        }
        if (close.Count > 0)
        {
            sentences.Add($"Not separated from it at this budget: {string.Join(", ", close.Select(lead => $"{lead.Row}, {Text(lead.Lead!.Value)} behind"))}.");
        }
        if (leads.Where(lead => lead.Lead is null).Select(lead => lead.Row).ToList() is { Count: > 0 } unlike)
        {
            sentences.Add($"Not to be compared prompt by prompt, for other prompts were held out: {string.Join(", ", unlike)}.");
        }
        if (leads.Count > 1)
        {
            sentences.Add("Each interval stands for itself: among twenty rows that are equal, one is expected to look separated.");
        }
        return string.Join(' ', sentences);
    }

    private static string Overoptimisation(ExperimentSummary summary, IReadOnlyList<IterationTrack> tracks, IReadOnlyList<string> ranked)
    {
        var drops = ranked.Where(row => Headline.Read(summary, ExperimentSummary.Key("gold/drop", row)) is { Interval: not null }).ToList();
        var (falling, rest) = (drops.Where(IsFall).ToList(), drops.Where(row => !IsFall(row) && !tracks.Where(track => track.Row == row).All(PeaksAtTheEnd)).ToList());
        var sentences = new List<string>();
        if (falling.Count > 0)
        {
            sentences.Add($"Over-optimised, for gold falls from its peak while training goes on: {string.Join(", ", falling.Select(row => $"{row} by {Text(summary, "gold/drop", row)}"))}.");
        }
        if (rest.Count > 0)
        {
            sentences.Add($"No fall from the peak that could be told from chance: {string.Join(", ", rest.Select(row => $"{row} ({Text(summary, "gold/drop", row)})"))}.");
        }
        return string.Join(' ', sentences);

        bool IsFall(string row) => summary.Intervals[ExperimentSummary.Key("gold/drop", row)].Low > 0;
    }

    // A peak at the very end is where the training stopped, not where gold turns.
    private static string StillRising(IReadOnlyList<IterationTrack> tracks, IReadOnlyList<string> ranked)
    {
        var rising = ranked
            .Select(row => (Row: row, Of: tracks.Where(track => track.Row == row).ToList()))
            .Select(row => (row.Row, Count: row.Of.Count(PeaksAtTheEnd), Seeds: row.Of.Count))
            .Where(row => row.Count > 0)
            .Select(row => row.Seeds == 1 ? row.Row : $"{row.Row} ({row.Count} of {row.Seeds} seeds)")
            .ToList();
        return rising.Count == 0 ? string.Empty
            : $"Gold was highest at the very end, so that the KL at the peak is only a lower bound of where it would turn: {string.Join(", ", rising)}.";
    }

    private static bool PeaksAtTheEnd(IterationTrack track) => ReferenceEquals(IterationCurve.Peak(track.Points), track.Points[^1]);

    // Over seeds where there are several, else over prompts.
    private static Estimate? Lead(IReadOnlyList<IterationTrack> best, IReadOnlyList<IterationTrack> other)
    {
        if (best.Count > 1)
        {
            var apart = best.Zip(other, (first, second) => first.Points[^1].Gold.Average() - second.Points[^1].Gold.Average()).ToArray();
            return new Estimate(apart.Average(), Statistics.StudentT(apart));
        }
        var (ours, theirs) = (best[0].Points[^1], other[0].Points[^1]);
        if (!ours.Groups.SequenceEqual(theirs.Groups))
        {
            return null;
        }
        var differences = ours.Gold.Zip(theirs.Gold, (first, second) => first - second).ToArray();
        return new Estimate(differences.Average(), Statistics.ClusteredMean(differences, [.. ours.Groups], seed: 0));
    }

    private static string Text(ExperimentSummary summary, string metric, string row) => Headline.Read(summary, ExperimentSummary.Key(metric, row)) is { } value ? Text(value) : "?";

    private static string Text(Estimate value) => value.Interval is { } interval ? $"{Fixed(value.Value, 2)} {Interval(interval, 2)}" : Fixed(value.Value, 2);
}
