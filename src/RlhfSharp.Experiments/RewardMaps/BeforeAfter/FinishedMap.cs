using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A map that is done, read from its folder.</summary>
/// <param name="Directory">The run's folder.</param>
/// <param name="Recipe">Its resolved recipe.</param>
/// <param name="Seeds">Its searches, in the recipe's order of seeds.</param>
internal sealed record FinishedMap(string Directory, MapRecipe Recipe, IReadOnlyList<MapState> Seeds)
{
    /// <summary>Reads a run.</summary>
    /// <exception cref="InputException">There is no map, or it is not done.</exception>
    public static FinishedMap Read(string directory)
    {
        if (RunFacts.KindOf(directory) != RunFacts.Map)
        {
            throw new InputException($"'{directory}' is no run of rlhf map.");
        }
        if ((string?)JsonNode.Parse(File.ReadAllText(ExperimentFolder.FactsIn(directory)))!["status"] != "done")
        {
            throw new InputException($"The map '{directory}' is not done. Go on with it by: rlhf map --resume {directory}");
        }
        var recipe = RecipeReader.Read<MapRecipe>(ExperimentFolder.RecipeIn(directory), []);
        return new FinishedMap(directory, recipe, [.. recipe.Seeds.Select(seed => MapRun.Fold(recipe, File.ReadLines(Path.Combine(MapSession.FolderOf(recipe, directory, seed), MapRun.EventsName))))]);
    }

    /// <summary>Fails where two maps differ in more than who wrote, so that a difference could come from something else.</summary>
    /// <exception cref="InputException">They do; names the first line that differs.</exception>
    public void RequireAlike(FinishedMap other)
    {
        if (Recipe.Generator.KnowsTexts || other.Recipe.Generator.KnowsTexts)
        {
            throw new InputException("A map of texts that were known beforehand asks for none, so there is nothing to pair. Compare maps of two generators.");
        }
        foreach (var (one, another) in Lines(Recipe).Zip(Lines(Alike(other.Recipe))))
        {
            if (one != another)
            {
                throw new InputException(
                    $"The two maps differ in more than their generator: '{one.Trim()}' in {Directory}, '{another.Trim()}' in {other.Directory}. Map both with the same recipe but for 'generator'.");
            }
        }
    }

    // What comes after the first phase does not matter: only texts without a parent are compared.
    private MapRecipe Alike(MapRecipe other) => other with
    {
        Name = Recipe.Name,
        Description = Recipe.Description,
        Caveats = Recipe.Caveats,
        Threads = Recipe.Threads,
        Generator = Recipe.Generator,
        Operators = Recipe.Operators,
        Parents = Recipe.Parents,
        TotalSteps = Recipe.TotalSteps,
        ArchiveDepth = Recipe.ArchiveDepth,
        BestOf = Recipe.BestOf,
        CheckEdits = Recipe.CheckEdits,
        Baselines = Recipe.Baselines,
        DropDuplicates = Recipe.DropDuplicates,
    };

    // One line more at the end, so that a recipe which only goes on where the other one ends differs too.
    private static IEnumerable<string> Lines(MapRecipe recipe) => RecipeWriter.ToYaml(recipe).Split('\n').Append(string.Empty);
}
