using RlhfSharp.Experiments.Reports;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Shows in a report what is planted in the reward, and what the map made of it.</summary>
internal static class PlantedBlocks
{
    /// <summary>Makes the blocks; none where nothing is known to be planted.</summary>
    public static IEnumerable<IReportBlock> Of(IReadOnlyList<MapSummary> seeds) => seeds[0].Planted is not { } planted ? [] :
    [
        new HeadingBlock("What is planted, and what is found"),
        new TableBlock(
            seeds.Count > 1 ? $"Texts of equal length, of seed {seeds[0].Seed} alone" : "Texts of equal length",
            "effect",
            [new TableColumn("planted"), new TableColumn("found"), new TableColumn("claimed")],
            [.. planted.Effects.Select(effect => new TableRow(effect.Name,
            [
                effect.Planted, effect.Found is { } found ? new Training.Metrics.Estimate(found.Value, found.Interval) : TableCell.Empty, Verdict(effect),
            ]))],
            "What a genre or a tone is worth more than the average one, what two are worth together beyond that, and what a text of twice the length is. A reward model need not be on the planted scale."),
    ];

    private static string Verdict(PlantedEffect effect) => (effect.IsClaimed, effect.Planted != 0, effect.IsRecovered) switch
    {
        (false, true, _) => "no: missed",
        (false, false, _) => "no, rightly",
        (true, _, true) => "yes, rightly",
        (true, true, _) => "yes, with the wrong sign",
        _ => "yes: false",
    };
}
