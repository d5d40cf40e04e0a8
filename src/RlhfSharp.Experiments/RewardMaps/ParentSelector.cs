using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Chooses the text that a new one starts from.</summary>
/// <param name="choice">How elites are drawn.</param>
/// <param name="baseline">The search without a map that this is; null for a map.</param>
/// <param name="firstPhase">How many evaluations have no parents.</param>
internal sealed class ParentSelector(ParentChoice choice, MapBaseline? baseline, int firstPhase)
{
    private const double Least = 0.01;   // so that no cell is given up

    public Elite<MapSolution> Choose(MapState state, NamedRandom random)
    {
        if (baseline == MapBaseline.QualityOnly)
        {
            return state.Archive.BestElite!;
        }
        var elites = baseline == MapBaseline.SeedRewrite && Seeds(state) is { Count: > 0 } seeds ? seeds : [.. state.Archive];
        return choice == ParentChoice.Curiosity
            ? elites[Weighted.Draw([.. elites.Select(elite => Math.Max(Least, state.CuriosityOf(elite.Cell)))], random)]
            : elites[random.Next(elites.Count)];
    }

    // Empty where the whole first phase was rejected.
    private List<Elite<MapSolution>> Seeds(MapState state) =>
    [
        .. state.Events.Take(firstPhase).Where(one => one.Outcome.Cell is not null)
            .Select(one => new Elite<MapSolution>(one.Solution, one.Solution.Rewards[0], [], one.Outcome.Cell!.Value, one.Solution.Id)),
    ];
}
