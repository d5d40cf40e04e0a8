using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>The runs that a recipe reads: which of them are not there yet.</summary>
public static class RequiredRuns
{
    /// <summary>Lists what must be trained before a recipe can be run.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="overrides">Settings on top of it.</param>
    /// <returns>Recipes with the folders of their runs; those that were begun are to be gone on with.</returns>
    /// <exception cref="InputException">A recipe cannot be read or has mistakes, or it requires itself.</exception>
    public static IReadOnlyList<(RecipeSource Recipe, string Directory, bool IsBegun)> Missing(RecipeSource recipe, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return Missing(recipe.Name, RecipeVariants.Parse<TrainingRecipe>(recipe.Text, recipe.Name, overrides)[0].Recipe.Requires);
    }

    /// <summary>Lists what must be trained before a recipe of any kind can be run.</summary>
    /// <param name="name">The recipe's path.</param>
    /// <param name="requires">What it requires.</param>
    /// <returns>See <see cref="Missing(RecipeSource, IReadOnlyList{string})"/>.</returns>
    /// <exception cref="InputException">A recipe cannot be read or has mistakes, or it requires itself.</exception>
    public static IReadOnlyList<(RecipeSource Recipe, string Directory, bool IsBegun)> Missing(string name, IReadOnlyList<string> requires)
    {
        var missing = new List<(RecipeSource, string, bool)>();
        Add(name, requires, [name], missing);
        return missing;
    }

    // What a required recipe requires comes before it.
    private static void Add(string name, IReadOnlyList<string> requires, IReadOnlyList<string> path, List<(RecipeSource Recipe, string Directory, bool)> missing)
    {
        foreach (var required in requires)
        {
            var file = Path.Combine(Path.GetDirectoryName(name) ?? string.Empty, required).Replace('\\', '/');
            if (path.Any(before => Path.GetFullPath(before) == Path.GetFullPath(file)))
            {
                throw new InputException($"{name}: requires: '{required}' requires itself, by way of {string.Join(", ", path)}.");
            }
            var other = RecipeSource.Read(file);
            var recipes = RecipeVariants.Parse<TrainingRecipe>(other.Text, other.Name, []);
            Add(file, recipes[0].Recipe.Requires, [.. path, file], missing);
            var directory = Path.Combine("runs", recipes[0].Recipe.Name);
            var members = ExperimentPlan.Members(recipes, directory);
            if (!members.All(member => RunProgress.Read(member.Directory) is { Phase: > 0 }) && missing.TrueForAll(one => one.Directory != directory))
            {
                missing.Add((other, directory, File.Exists(ExperimentFolder.RecipeIn(directory))));
            }
        }
    }
}
