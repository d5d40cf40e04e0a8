using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli.Commands;

/// <summary><c>rlhf compare</c>: runs a recipe and its variants with the same seeds and sets them side by side.</summary>
internal sealed class CompareCommand() : RecipeCommand("compare", "Run a recipe and its variants side by side, or go on with it.", "pink-elephants-why")
{
    protected override RecipeSource Source(string path, IReadOnlyList<string> overrides)
    {
        var source = RecipeSource.Read(path);
        var recipes = RecipeVariants.Parse<TrainingRecipe>(source.Text, source.Name, overrides);
        if (recipes.Count == 1)
        {
            throw new InputException($"{path}: there is nothing to compare. List variants, each {{ name, set }}, or run the recipe alone by: rlhf train {path}");
        }
        return source with { Command = $"rlhf compare {source.Name}{string.Concat(overrides.Select(setting => $" --set '{setting}'"))}" };
    }
}
