using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.Runs;

/// <summary>The score of trained reward models; an entry of <c>rewards</c> with <c>kind: reward-model</c>.</summary>
[RecipeKind("reward-model")]
public sealed record RewardModelPartOptions : RewardPartOptions
{
    /// <summary>Gets the reward models: checkpoints or runs. Several judge together.</summary>
    /// <value>At least one. In each, <c>{seed}</c> stands for the run's seed and <c>{fold}</c> for its held-out fold: <c>runs/reward/seed-{seed}</c>. Where one is a run, what it cost to train counts
    /// towards <c>loop.computeBudget</c>.</value>
    [MinLength(1)]
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>Gets what counts where several differ.</summary>
    /// <value>The default is mean.</value>
    public EnsembleCombination Combine { get; init; } = EnsembleCombination.Mean;

    /// <summary>Gets how much disagreement costs; read by <c>combine: uncertainty-weighted</c> only.</summary>
    /// <value>0 or more. The default is 0.5 (Coste et al. 2023 use 0.1 to 1 for PPO).</value>
    [Range(0.0, 1e6)]
    public double UncertaintyWeight { get; init; } = 0.5;

    /// <summary>Gets how dialogues are written out for the reward models.</summary>
    /// <value>The name of a chat format; null, the default, means the one that a checkpoint names.</value>
    public string? Format { get; init; }

    internal override string DefaultName => "reward_model";
}
