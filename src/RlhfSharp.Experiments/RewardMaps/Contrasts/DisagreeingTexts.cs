using System.Globalization;
using RlhfSharp.Experiments.Reports;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Shows the texts about which two rewards disagree most, for a number says less than what it is about.</summary>
internal static class DisagreeingTexts
{
    private const int Most = 5;

    /// <summary>Makes the blocks: what the first reward ranks higher, and what the other one does.</summary>
    /// <param name="summary">The search.</param>
    /// <param name="contrast">The two rewards.</param>
    public static IEnumerable<IReportBlock> Of(MapSummary summary, RewardContrast contrast)
    {
        var texts = Ranked(summary, contrast);
        // A search for disagreement goes one way; what it finds on the other one is what it did not look for.
        foreach (var (sign, high, low) in new[] { (1, contrast.First, contrast.Second), (-1, contrast.Second, contrast.First) }.Take(summary.State.Contrast is null ? 2 : 1))
        {
            var most = texts.Where(text => sign * text.Difference > 0).OrderByDescending(text => sign * text.Difference).ThenBy(text => text.Event.Solution.Id).Take(Most).ToList();
            if (most.Count > 0)
            {
                yield return new SamplesBlock($"Ranked highest by {high} against {low}, of seed {summary.Seed}", [.. most.Select(text => Sample(summary, contrast, text))], ShowText: true);
            }
        }
    }

    /// <summary>Says how far apart the search got; null where nothing was placed.</summary>
    public static string? Furthest(MapSummary summary, RewardContrast contrast)
    {
        var texts = Ranked(summary, contrast);
        if (texts.Count == 0)
        {
            return null;
        }
        var most = texts.MaxBy(text => text.Difference);
        return $"furthest apart: {Number(most.Difference)} in {Labels(summary, most.Event)} ({contrast.First} ranks the text at {Number(most.First)}, {contrast.Second} at {Number(most.Second)})";
    }

    private static List<(MapEvent Event, double First, double Second, double Difference)> Ranked(MapSummary summary, RewardContrast contrast) =>
        PairedRanks.Freeze(summary, contrast.FirstPlace, contrast.SecondPlace) is not { } frozen ? [] :
        [
            .. summary.State.Events.Where(one => one.Outcome.Cell is not null && FrozenRanks.HasBoth(one.Solution, contrast.FirstPlace, contrast.SecondPlace))
                .Select(one => (Event: one, Ranks: frozen.Of(one.Solution))).Select(one => (one.Event, one.Ranks.First, one.Ranks.Second, one.Ranks.First - one.Ranks.Second)),
        ];

    private static ReportSample Sample(MapSummary summary, RewardContrast contrast, (MapEvent Event, double First, double Second, double Difference) text) => new(
        Labels(summary, text.Event),
        text.Event.Solution.Text,
        [
            new ReportFact("difference", Number(text.Difference)), new ReportFact($"rank by {contrast.First}", Number(text.First)), new ReportFact($"rank by {contrast.Second}", Number(text.Second)),
            new ReportFact("text", $"#{text.Event.Solution.Id}, {text.Event.Solution.Operator}"),
        ]);

    private static string Labels(MapSummary summary, MapEvent one) => string.Join(", ", summary.State.LabelsOfCell(one.Outcome.Cell!.Value));

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture).Replace('-', '−');
}
