using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Chooses the elite that a new text starts from.</summary>
internal sealed class ParentSelector(ParentChoice choice)
{
    private const double Least = 0.01;   // so that no cell is given up

    public Elite<MapSolution> Choose(MapState state, NamedRandom random)
    {
        var elites = state.Archive.ToList();
        return choice == ParentChoice.Curiosity
            ? elites[Weighted.Draw([.. elites.Select(elite => Math.Max(Least, state.CuriosityOf(elite.Cell)))], random)]
            : elites[random.Next(elites.Count)];
    }
}
