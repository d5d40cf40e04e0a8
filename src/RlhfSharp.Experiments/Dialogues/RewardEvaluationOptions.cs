using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Scores answers to held-out prompts by the recipe's rewards, beside those of the model that training starts from; recipe section <c>evaluation</c>
/// with <c>kind: reward</c>.</summary>
[RecipeKind("reward")]
public sealed record RewardEvaluationOptions : EvaluationOptions
{
    /// <summary>Gets the number of held-out prompts that are answered.</summary>
    /// <value>From 2 up; where there are fewer, all are. The default is 200.</value>
    [Range(2, int.MaxValue)]
    public int Prompts { get; init; } = 200;

    /// <summary>Gets how many answers to each are drawn.</summary>
    /// <value>From 1 up. The default is 1.</value>
    [Range(1, 10_000)]
    public int SamplesPerPrompt { get; init; } = 1;
}
