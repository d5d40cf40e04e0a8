namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What axes and rewards are called in events and files.</summary>
/// <param name="Axes">In the recipe's order.</param>
/// <param name="Rewards">In the recipe's order; the first decides.</param>
internal sealed record MapNames(IReadOnlyList<string> Axes, IReadOnlyList<string> Rewards)
{
    public static MapNames Of(MapRecipe recipe) => new([.. recipe.Axes.Select(axis => axis.Name)], [.. recipe.Rewards.Select(reward => reward.Name)]);
}
