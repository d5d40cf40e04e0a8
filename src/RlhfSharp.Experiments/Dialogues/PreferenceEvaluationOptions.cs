using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Asks ILQL's heads which answer of a held-out pair is the better one; recipe section <c>evaluation</c> with <c>kind: preferences</c>.</summary>
[RecipeKind("preferences")]
public sealed record PreferenceEvaluationOptions : EvaluationOptions
{
    /// <summary>Gets the number of held-out pairs that are looked at during training; at the end all are.</summary>
    /// <value>0 means all. The default is 200.</value>
    [Range(0, int.MaxValue)]
    public int PairsDuringTraining { get; init; } = 200;

    /// <summary>Gets whether a bag-of-words model and the rule that the shorter answer wins are measured on the same pairs.</summary>
    /// <value>The default is true.</value>
    public bool Baselines { get; init; } = true;
}
