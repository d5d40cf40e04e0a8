namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A text without a parent, as evidence of what a generator writes by itself.</summary>
/// <param name="Request">What it was asked for: seed, number and prompt; two generators answer the same requests.</param>
/// <param name="Cell">Where it lies.</param>
/// <param name="Solution">The text.</param>
internal sealed record RequestedText((long Number, string PromptHash) Request, int Cell, MapSolution Solution)
{
    /// <summary>Reads those of a search. Texts that were there before count too: who writes a poem twice, does so.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="state">The search.</param>
    /// <param name="reward">The place of a reward; texts without it are left out.</param>
    public static IReadOnlyList<RequestedText> All(MapRecipe recipe, MapState state, int reward) =>
    [
        .. from one in state.Events
           where one.Solution.Step < recipe.StartSteps && double.IsFinite(one.Solution.Rewards[reward])
           let cell = state.CellFor(one.Solution)
           where cell is not null
           select new RequestedText((one.Solution.Id, one.Solution.PromptHash), cell.Value, one.Solution),
    ];
}
