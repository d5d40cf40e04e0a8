using System.Globalization;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>How one reward judges what two generators write when they are asked for the same: a policy before and after its training, for instance.</summary>
internal sealed class RewardChange
{
    // As for differences between labels.
    private const int FewestTexts = Statistics.MinimumBootstrapClusters;

    private readonly List<IReadOnlyList<RequestedText>> _before;
    private readonly List<IReadOnlyList<RequestedText>> _after;
    private readonly int _place;

    private RewardChange(FinishedMap before, FinishedMap after, int place)
    {
        (_place, Reward) = (place, before.Recipe.Rewards[place].Name);
        _before = [.. before.Seeds.Select(seed => RequestedText.All(before.Recipe, seed, place))];
        _after = [.. after.Seeds.Select(seed => RequestedText.All(after.Recipe, seed, place))];
        var (archive, axes) = (before.Seeds[0].Archive, before.Seeds[0].Axes);
        All = Decide([([], _ => true)])[0];
        Cells = Decide([.. Enumerable.Range(0, archive.CellCount).Select(cell => (before.Seeds[0].LabelsOfCell(cell), (Func<int, bool>)(other => other == cell)))]);
        Labels =
        [
            .. axes.SelectMany((axis, index) => Decide([.. axis.Bins.Labels.Select((label, bin) => ((IReadOnlyList<string>)[label], (Func<int, bool>)(cell => archive.BinsOf(cell)[index] == bin)))])
                .Select(change => (axis.Name, change))),
        ];
        var length = GroupEstimate.Over([.. _before.Zip(_after, (one, other) => MeanChange.Of(Values(one, text => text.Text.Length), Values(other, text => text.Text.Length)))]);
        (LengthChange, LengthInterval) = (length.Mean, length.Interval);
    }

    /// <summary>Gets the reward's name.</summary>
    public string Reward { get; }

    /// <summary>Gets the change over all texts.</summary>
    public GroupChange All { get; }

    /// <summary>Gets the change in every cell, <c>[cells]</c>, as the archive numbers them.</summary>
    public IReadOnlyList<GroupChange> Cells { get; }

    /// <summary>Gets the change over all texts of a label, by axis and label; those decided on together are the labels of one axis.</summary>
    public IReadOnlyList<(string Axis, GroupChange Change)> Labels { get; }

    /// <summary>Gets by how many characters texts grew; null where a side has no text.</summary>
    public double? LengthChange { get; }

    /// <summary>Gets the interval of <see cref="LengthChange"/>; null where there are too few texts for one.</summary>
    public Interval? LengthInterval { get; }

    /// <summary>Gets the texts of the first seed that answer the same request, by how much their reward rises.</summary>
    public IReadOnlyList<(RequestedText Before, RequestedText After, double Change)> Pairs =>
    [
        .. _before[0].Join(_after[0], one => one.Request, other => other.Request, (one, other) => (one, other, other.Solution.Rewards[_place] - one.Solution.Rewards[_place])),
    ];

    /// <summary>Compares two maps by each reward that reads texts.</summary>
    /// <param name="before">A map.</param>
    /// <param name="after">Another one, alike but for its generator.</param>
    /// <returns>In the recipe's order.</returns>
    public static IReadOnlyList<RewardChange> Of(FinishedMap before, FinishedMap after) =>
        [.. before.Recipe.TextRewards.Select(reward => new RewardChange(before, after, before.Recipe.PlaceOf(reward.Name)))];

    /// <summary>Says what changed.</summary>
    public string Conclusion()
    {
        if (All.Change is not { } change)
        {
            return $"{Reward}: nothing to compare, for one side has no text";
        }
        var held = Cells.Where(cell => cell.IsSeparated).OrderBy(cell => cell.Change).ToList();
        var overall = $"{Reward}: {Signed(change)}{(All.Interval is { } interval ? $" [{Signed(interval.Low)}, {Signed(interval.High)}]" : string.Empty)} over all texts"
            + (All.Interval?.Contains(0) == true ? ", not separated from no change" : string.Empty);
        string?[] ends =
        [
            held.Count > 0 && held[^1].Change > 0 ? $"rises most in {string.Join(", ", held[^1].Labels)}" : null,
            held.Count > 0 && held[0].Change < 0 ? $"falls most in {string.Join(", ", held[0].Labels)}" : null,
        ];
        var both = Cells.Count(cell => cell.Change is not null);
        return held.Count == 0 ? $"{overall}; in no cell by itself" : $"{overall}; separated in {held.Count} of the {both} cells that both write; {string.Join(", ", ends.OfType<string>())}";
    }

    private static string Signed(double value) => value.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    private List<GroupChange> Decide(IReadOnlyList<(IReadOnlyList<string> Labels, Func<int, bool> Contains)> groups)
    {
        var seeds = _before.Count;
        var estimates = groups.Select(group => GroupEstimate.Over([.. _before.Zip(_after, (one, other) => MeanChange.Of(Rewards(one, group.Contains), Rewards(other, group.Contains)))])).ToList();
        var fewest = seeds > 1 ? seeds : FewestTexts;
        var tested = Enumerable.Range(0, groups.Count).Where(group => estimates[group].Clusters >= fewest && estimates[group].PValue is not null).ToList();
        var holds = tested.Zip(Holm.Decide([.. tested.Select(group => estimates[group].PValue!.Value)])).ToDictionary(one => one.First, one => one.Second);
        return
        [
            .. groups.Select((group, i) => new GroupChange(
                group.Labels, Count(_before, group.Contains), Count(_after, group.Contains), Mean(_before, group.Contains), Mean(_after, group.Contains),
                estimates[i].Mean, estimates[i].Interval, holds.GetValueOrDefault(i))),
        ];
    }

    private ((long, string) Request, double Value)[] Rewards(IReadOnlyList<RequestedText> texts, Func<int, bool> contains) =>
        Values([.. texts.Where(text => contains(text.Cell))], text => text.Rewards[_place]);

    private static ((long, string) Request, double Value)[] Values(IReadOnlyList<RequestedText> texts, Func<MapSolution, double> value) => [.. texts.Select(text => (text.Request, value(text.Solution)))];

    private static int Count(List<IReadOnlyList<RequestedText>> seeds, Func<int, bool> contains) => seeds.Sum(seed => seed.Count(text => contains(text.Cell)));

    // The mean over seeds, as the change is one; null where a seed has none.
    private double? Mean(List<IReadOnlyList<RequestedText>> seeds, Func<int, bool> contains)
    {
        var groups = seeds.ConvertAll(seed => Rewards(seed, contains));
        return groups.Any(group => group.Length == 0) ? null : groups.Average(group => group.Average(text => text.Value));
    }
}
