using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Where two reward models, or one under two templates, disagree about the same texts.</summary>
/// <remarks>Differences are those of <see cref="PairedRanks"/>, so both models read exactly the same texts. A map's positive and negative cells balance over the frozen set: it
/// shows what one model favours more than the other does, not which one is more generous. Intervals take the frozen set as given.</remarks>
internal sealed class RewardContrast
{
    // As for differences between labels: what fewer lines leave unexplained says next to nothing about the spread.
    private const int FewestLines = Statistics.MinimumBootstrapClusters;

    private RewardContrast(MapRecipe recipe, int first, int second) => (First, Second, FirstPlace, SecondPlace) = (recipe.Rewards[first].Name, recipe.Rewards[second].Name, first, second);

    /// <summary>Gets the name of the first reward.</summary>
    public string First { get; }

    /// <summary>Gets the name of the other one.</summary>
    public string Second { get; }

    /// <summary>Gets the place of the first reward in the recipe.</summary>
    public int FirstPlace { get; }

    /// <summary>Gets the place of the other one.</summary>
    public int SecondPlace { get; }

    /// <summary>Gets the mean over seeds of the rank correlation over all texts; null where a model ranks all texts the same.</summary>
    public double? Correlation { get; private init; }

    /// <summary>Gets the difference in every cell, <c>[cells]</c>, as the archive numbers them.</summary>
    public required IReadOnlyList<PairedDifference> Cells { get; init; }

    /// <summary>Gets the difference over all texts of a label, by axis and label; those decided on together are the labels of one axis.</summary>
    public required IReadOnlyList<(string Axis, PairedDifference Difference)> Labels { get; init; }

    /// <summary>Compares the first reward that reads texts with each of the others; in a search for disagreement the first of those two, and the other one before all others.</summary>
    /// <param name="seeds">The searches, one per seed.</param>
    /// <returns>In the order of the recipe; one is missing where a seed has no text with both rewards.</returns>
    public static IReadOnlyList<RewardContrast> All(IReadOnlyList<MapSummary> seeds)
    {
        var first = seeds[0].State.Contrast?.First ?? 0;
        var others = Enumerable.Range(0, seeds[0].Recipe.Rewards.Count)
            .Where(place => place != first && seeds[0].Recipe.Rewards[place] is TextRewardOptions)
            .OrderBy(place => place != seeds[0].State.Contrast?.Second);
        return [.. others.Select(second => Of(seeds, first, second)).OfType<RewardContrast>()];
    }

    /// <summary>Compares two rewards.</summary>
    /// <param name="seeds">The searches, one per seed.</param>
    /// <param name="first">The place of a reward in the recipe.</param>
    /// <param name="second">The place of another one.</param>
    /// <returns>Null where a seed has no text with both rewards.</returns>
    public static RewardContrast? Of(IReadOnlyList<MapSummary> seeds, int first, int second)
    {
        var ranks = seeds.Select(seed => PairedRanks.Of(seed, first, second)).OfType<PairedRanks>().ToList();
        if (ranks.Count < seeds.Count)
        {
            return null;
        }
        var (archive, axes) = (seeds[0].State.Archive, seeds[0].State.Axes);
        IReadOnlyList<string> LabelsOf(int cell) => [.. archive.BinsOf(cell).Select((bin, axis) => axes[axis].Bins.Labels[bin])];
        var cells = Decide(ranks, [.. Enumerable.Range(0, archive.CellCount).Select(cell => (LabelsOf(cell), (Func<int, bool>)(other => other == cell)))]);
        var labels = axes.SelectMany((axis, index) => Decide(ranks, [.. axis.Bins.Labels.Select((label, bin) => (
            (IReadOnlyList<string>)[label], (Func<int, bool>)(cell => archive.BinsOf(cell)[index] == bin)))]).Select(difference => (axis.Name, difference)));
        var correlations = ranks.ConvertAll(one => one.Correlation);
        return new RewardContrast(seeds[0].Recipe, first, second)
        {
            Cells = cells,
            Labels = [.. labels],
            Correlation = correlations.Contains(null) ? null : correlations.Average(),
        };
    }

    /// <summary>Estimates groups and decides which of their differences hold together.</summary>
    internal static IReadOnlyList<PairedDifference> Decide(IReadOnlyList<PairedRanks> seeds, IReadOnlyList<(IReadOnlyList<string> Labels, Func<int, bool> Contains)> groups)
    {
        var estimates = groups.Select(group => GroupEstimate.Over([.. seeds.Select(seed => seed.Estimate(group.Contains))])).ToList();
        var fewest = seeds.Count > 1 ? seeds.Count : FewestLines;
        var tested = Enumerable.Range(0, groups.Count).Where(group => estimates[group].Clusters >= fewest && estimates[group].PValue is not null).ToList();
        var holds = tested.Zip(Holm.Decide([.. tested.Select(group => estimates[group].PValue!.Value)])).ToDictionary(one => one.First, one => one.Second);
        return [.. groups.Select((group, i) => new PairedDifference(group.Labels, estimates[i].Count, estimates[i].Mean, estimates[i].Interval, holds.GetValueOrDefault(i)))];
    }

    /// <summary>Says how many cells hold, and which are furthest apart.</summary>
    public string Conclusion()
    {
        var held = Cells.Where(cell => cell.IsSeparated).OrderBy(cell => cell.Mean).ToList();
        var filled = Cells.Count(cell => cell.Count > 0);
        string?[] ends =
        [
            held.Count > 0 && held[^1].Mean > 0 ? $"{First} favours {string.Join(", ", held[^1].Labels)} most" : null,
            held.Count > 0 && held[0].Mean < 0 ? $"{Second} favours {string.Join(", ", held[0].Labels)} most" : null,
        ];
        return $"{First} against {Second}: {(held.Count == 0 ? "not separated at this budget in any cell" : $"separated in {held.Count} of {filled} cells; {string.Join(", ", ends.OfType<string>())}")}";
    }
}
