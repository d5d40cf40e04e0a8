using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>How direct a walk is, from 0 to 1; an entry of <c>rewards</c> with <c>kind: optimality</c>, for random walks.</summary>
[RecipeKind("optimality")]
public sealed record RandomWalksRewardOptions : RewardPartOptions
{
    internal override string DefaultName => "optimality";
}
