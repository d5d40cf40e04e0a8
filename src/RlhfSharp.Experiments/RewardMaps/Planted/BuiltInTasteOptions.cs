using RlhfSharp.Experiments.Poems;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The built-in world's own taste, on which <c>tiny-world/taste</c> was trained; <c>kind: tiny-world</c>.</summary>
[RecipeKind("tiny-world")]
public sealed record BuiltInTasteOptions : PlantedOptions
{
    internal override PlantedTaste TasteOf(long seed) => PlantedTaste.BuiltIn;
}
