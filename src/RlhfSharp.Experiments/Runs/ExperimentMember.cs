using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Runs;

/// <summary>One training run of an experiment.</summary>
/// <param name="Variant">The variant's name; empty for the recipe itself.</param>
/// <param name="Recipe">The variant's resolved recipe.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Fold">The held-out fold; null where the data has none.</param>
/// <param name="Directory">Its folder.</param>
public sealed record ExperimentMember(string Variant, TrainingRecipe Recipe, long Seed, int? Fold, string Directory)
{
    /// <summary>Gets a name for people, for instance <c>never, seed 2</c>.</summary>
    public string Title => string.Join(", ", new[] { Variant.Length > 0 ? Variant : Recipe.Name, $"seed {Seed}", Fold is null ? null : $"fold {Fold}" }.OfType<string>());
}
