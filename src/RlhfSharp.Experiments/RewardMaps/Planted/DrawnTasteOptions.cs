using RlhfSharp.Experiments.Poems;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A taste of drawn places and signs, another one for each seed of the map; <c>kind: drawn</c>.</summary>
[RecipeKind("drawn")]
public sealed record DrawnTasteOptions : PlantedOptions
{
    internal override PlantedTaste TasteOf(long seed) => PlantedTaste.Draw(seed);
}
