using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Runs;

/// <summary>What the recipe itself is called where its variants stand beside it.</summary>
internal static class VariantText
{
    private const string TargetSyncKey = "objective.targetSync";

    public static string Title(string variant, TrainingRecipe recipe) =>
        variant.Length > 0 ? variant
        : recipe.Row is { } row ? row
        : recipe.Variants.Count == 0 ? "result"
        : recipe.Objective is IlqlOptions ilql && recipe.Variants.All(IsAboutSync) ? Sync(ilql.TargetSync)
        : "recipe";

    private static bool IsAboutSync(RecipeVariant variant) => variant.Set.Count == 1 && variant.Set.ContainsKey(TargetSyncKey);

    private static string Sync(TargetSync sync) => sync switch
    {
        TargetSync.PerStep => "sync-per-step",
        TargetSync.PerPass => "sync-per-pass",
        _ => "sync-never",
    };
}
