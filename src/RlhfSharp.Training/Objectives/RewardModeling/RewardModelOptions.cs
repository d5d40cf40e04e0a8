using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of reward modelling; recipe section <c>objective</c> with <c>kind: reward-model</c>. Names and meaning are TRL's.</summary>
[RecipeKind("reward-model")]
public sealed record RewardModelOptions : ObjectiveOptions
{
    /// <summary>Gets λ, the weight of the squared sum of both scores, which keeps scores near zero on average.</summary>
    /// <value>From 0 up. The default is 0; TRL recommends 0.01.</value>
    [Range(0.0, 1e6)]
    public double CenterRewardsCoefficient { get; init; }
}
