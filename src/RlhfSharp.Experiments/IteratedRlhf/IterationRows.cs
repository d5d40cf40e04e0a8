using RlhfSharp.Experiments.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The rows of a recipe of <c>rlhf iterate</c>. Each has a twin with noisy labels, which is run where it is asked for by name: <c>rows=[S0,S0@noise]</c>.</summary>
internal static class IterationRows
{
    /// <summary>What the name of a row ends with whose labels are noisy.</summary>
    public const string NoiseSuffix = "@noise";

    /// <summary>The share of labels that a twin turns round, where its row turns none round itself (Coste et al. 2023, https://arxiv.org/abs/2310.02743).</summary>
    public const double TwinNoise = 0.25;

    /// <summary>Picks the rows that a recipe asks for.</summary>
    /// <param name="recipes">The recipe under the empty name, then its variants.</param>
    /// <returns>Rows by the names under which they are reported, checked.</returns>
    /// <exception cref="Models.Runtime.InputException">There is no such row, or settings of one do not fit.</exception>
    public static IReadOnlyList<(string Variant, IterationRecipe Recipe)> Of(IReadOnlyList<(string Variant, IterationRecipe Recipe)> recipes)
    {
        var own = recipes[0].Recipe.Row;
        var wanted = recipes[0].Recipe.Rows;
        var candidates = recipes.Select(row => (row.Variant, row.Recipe)).ToList();
        foreach (var (variant, recipe) in recipes)
        {
            var twin = (variant.Length > 0 ? variant : own) + NoiseSuffix;
            if (wanted.Contains(twin))
            {
                candidates.Add((twin, recipe with { Labels = recipe.Labels with { Noise = recipe.Labels.Noise > 0 ? recipe.Labels.Noise : TwinNoise } }));
            }
        }
        var rows = ExperimentPlan.Rows(candidates, own, wanted);
        IterationChecks.CheckSettings(rows);
        return [.. rows.Select(row => (Name(row.Variant.Length > 0 ? row.Variant : own, row.Recipe), row.Recipe)).DistinctBy(row => row.Item1)];
    }

    private static string Name(string row, IterationRecipe recipe) => recipe.Labels.Noise > 0 && !row.EndsWith(NoiseSuffix, StringComparison.Ordinal) ? row + NoiseSuffix : row;
}
