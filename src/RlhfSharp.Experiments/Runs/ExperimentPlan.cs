using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Sweeps;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Which training runs an experiment consists of, and where they lie.</summary>
public static class ExperimentPlan
{
    private const string StartRow = "start";

    /// <summary>Lists the runs: for the recipe and each variant, for each seed, for each held-out fold.</summary>
    /// <param name="recipes">The recipe under the empty name, then its variants.</param>
    /// <param name="directory">The experiment's folder.</param>
    /// <returns>At least one run; a single one lies in the experiment's folder itself.</returns>
    /// <exception cref="InputException">The recipe's list <c>rows</c> names one that there is not.</exception>
    public static IReadOnlyList<ExperimentMember> Members(IReadOnlyList<(string Variant, TrainingRecipe Recipe)> recipes, string directory) =>
        Members(Rows(recipes), row => row.Length > 0 ? Path.Combine(directory, $"variant-{row}") : directory);

    /// <summary>Lists the runs of an experiment that another process has opened.</summary>
    /// <param name="directory">Its folder, where its resolved recipe lies.</param>
    /// <exception cref="InputException">The recipe cannot be read.</exception>
    internal static IReadOnlyList<ExperimentMember> Read(string directory)
    {
        var recipes = TrainingRecipe.ReadWithVariants(ExperimentFolder.RecipeIn(directory), overrides: []);   // overrides are resolved in it already
        return recipes[0].Recipe.Sweep is null ? Members(recipes, directory) : SweepPlan.Of(recipes[0].Recipe).Members(directory);
    }

    /// <summary>Lists the runs of rows, for each seed, for each held-out fold.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="folder">Names a row's folder.</param>
    internal static IReadOnlyList<ExperimentMember> Members(IReadOnlyList<(string Variant, TrainingRecipe Recipe)> rows, Func<string, string> folder) =>
    [
        .. from row in rows
           let folds = Folds(row.Recipe.Data)
           from seed in row.Recipe.Seeds
           from fold in folds
           select new ExperimentMember(row.Variant, row.Recipe, seed, fold, Path.Combine(
               [
                   folder(row.Variant),
                   .. row.Recipe.Seeds.Count > 1 ? [$"seed-{seed}"] : Array.Empty<string>(),
                   .. folds.Count > 1 ? [$"fold-{fold}"] : Array.Empty<string>(),
               ])),
    ];

    /// <summary>Picks the rows that the recipe asks for.</summary>
    internal static IReadOnlyList<(string Variant, TrainingRecipe Recipe)> Rows(IReadOnlyList<(string Variant, TrainingRecipe Recipe)> recipes) =>
        Rows(recipes, recipes[0].Recipe.Row, recipes[0].Recipe.Rows);

    /// <summary>Picks rows of a recipe of any kind.</summary>
    /// <param name="recipes">The recipe under the empty name, then its variants.</param>
    /// <param name="own">What the recipe itself is called; null where it has no name.</param>
    /// <param name="wanted">The names asked for; empty for all.</param>
    internal static IReadOnlyList<(string Variant, T Recipe)> Rows<T>(IReadOnlyList<(string Variant, T Recipe)> recipes, string? own, IReadOnlyList<string> wanted)
    {
        string? Name((string Variant, T Recipe) row) => row.Variant.Length > 0 ? row.Variant : own;
        var names = recipes.Select(Name).ToList();
        if (own is not null && names.OfType<string>().CountBy(name => name).FirstOrDefault(name => name.Value > 1 || name.Key == StartRow) is { Key: { } taken })
        {
            throw new InputException($"A row cannot be called '{taken}': {(taken == StartRow ? "the model before training is" : "another one is, perhaps the recipe itself (row)")}. Rename the variant.");
        }
        if (wanted.FirstOrDefault(row => !names.Contains(row)) is { } unknown)
        {
            throw new InputException($"rows: there is no row '{unknown}'. {NearestName.Hint(unknown, names.OfType<string>())}");
        }
        return wanted.Count == 0 ? recipes : [.. recipes.Where(row => Name(row) is { } name && wanted.Contains(name))];
    }

    private static IReadOnlyList<int?> Folds(DataOptions data) => data is DialogueDataOptions dialogues
        ? [.. (dialogues.HeldOutFolds.Count > 0 ? dialogues.HeldOutFolds : Enumerable.Range(0, dialogues.Folds)).Select(fold => (int?)fold)]
        : [null];
}
