using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Ranks that two rewards give a text among a frozen set of texts.</summary>
/// <remarks>Rewards of different models have no common unit; ranks do. A rank is the share of the set that the model scores lower, and half of what it scores the same. So any rising function of a
/// reward gives the same ranks, and a constant reward ranks every text at 1/2.</remarks>
internal sealed class FrozenRanks
{
    private readonly int _first;
    private readonly int _second;
    private readonly EmpiricalDistribution _ofFirst;
    private readonly EmpiricalDistribution _ofSecond;

    /// <summary>Freezes rewards.</summary>
    /// <param name="first">The place of the first reward in the recipe.</param>
    /// <param name="second">The place of the other one.</param>
    /// <param name="frozen">Both rewards of each text of the set; at least one text, finite.</param>
    internal FrozenRanks(int first, int second, IReadOnlyCollection<(double First, double Second)> frozen) => (_first, _second, _ofFirst, _ofSecond) = (
        first, second, new EmpiricalDistribution([.. frozen.Select(one => one.First)]), new EmpiricalDistribution([.. frozen.Select(one => one.Second)]));

    /// <summary>Freezes a set.</summary>
    /// <param name="first">The place of the first reward in the recipe.</param>
    /// <param name="second">The place of the other one.</param>
    /// <param name="frozen">The texts; those without both rewards are left out.</param>
    /// <returns>Null where none is left.</returns>
    public static FrozenRanks? Of(int first, int second, IEnumerable<MapSolution> frozen) =>
        frozen.Where(one => HasBoth(one, first, second)).Select(one => (one.Rewards[first], one.Rewards[second])).ToList() is { Count: > 0 } texts ? new FrozenRanks(first, second, texts) : null;

    /// <summary>Tells whether both rewards of a text are known.</summary>
    public static bool HasBoth(MapSolution solution, int first, int second) => double.IsFinite(solution.Rewards[first]) && double.IsFinite(solution.Rewards[second]);

    /// <summary>Ranks a text that has both rewards.</summary>
    public (double First, double Second) Of(MapSolution solution) => Of(solution.Rewards[_first], solution.Rewards[_second]);

    /// <summary>Ranks two rewards.</summary>
    /// <returns>From 0 to 1 each; NaN for a reward that is none.</returns>
    public (double First, double Second) Of(double first, double second) => (Share(_ofFirst, first), Share(_ofSecond, second));

    private static double Share(EmpiricalDistribution frozen, double value) => double.IsFinite(value) ? frozen.MidShare(value) : double.NaN;
}
