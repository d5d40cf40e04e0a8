using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of REINFORCE leave-one-out; recipe section <c>objective</c> with <c>kind: rloo</c>. Defaults are TRL's.</summary>
[RecipeKind("rloo")]
public sealed record RlooOptions : PolicyGradientOptions
{
    /// <summary>Gets the number of samples per prompt, whose mean reward is the baseline of the others.</summary>
    /// <value>From 2 up. The default is 2.</value>
    [Range(2, 10_000)]
    public int SamplesPerPrompt { get; init; } = 2;

    /// <summary>Gets whether the advantages of a round are brought to mean 0 and unit variance.</summary>
    /// <value>The default is false.</value>
    public bool NormalizeAdvantages { get; init; }

    internal override int Samples => SamplesPerPrompt;
}
