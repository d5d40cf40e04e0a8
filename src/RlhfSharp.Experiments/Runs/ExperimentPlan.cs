using RlhfSharp.Experiments.Dialogues;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Which training runs an experiment consists of, and where they lie.</summary>
public static class ExperimentPlan
{
    /// <summary>Lists the runs: for the recipe and each variant, for each seed, for each held-out fold.</summary>
    /// <param name="recipes">The recipe under the empty name, then its variants.</param>
    /// <param name="directory">The experiment's folder.</param>
    /// <returns>At least one run; a single one lies in the experiment's folder itself.</returns>
    public static IReadOnlyList<ExperimentMember> Members(IReadOnlyList<(string Variant, TrainingRecipe Recipe)> recipes, string directory) =>
    [
        .. from row in recipes
           let folds = Folds(row.Recipe.Data)
           from seed in row.Recipe.Seeds
           from fold in folds
           select new ExperimentMember(row.Variant, row.Recipe, seed, fold, Path.Combine(
               [
                   directory,
                   .. row.Variant.Length > 0 ? [$"variant-{row.Variant}"] : Array.Empty<string>(),
                   .. row.Recipe.Seeds.Count > 1 ? [$"seed-{seed}"] : Array.Empty<string>(),
                   .. folds.Count > 1 ? [$"fold-{fold}"] : Array.Empty<string>(),
               ])),
    ];

    private static IReadOnlyList<int?> Folds(DataOptions data) => data is DialogueDataOptions dialogues
        ? [.. (dialogues.HeldOutFolds.Count > 0 ? dialogues.HeldOutFolds : Enumerable.Range(0, dialogues.Folds)).Select(fold => (int?)fold)]
        : [null];
}
