using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of Kahneman-Tversky optimisation; recipe section <c>objective</c> with <c>kind: kto</c>. Names and defaults are TRL's.</summary>
[RecipeKind("kto")]
public sealed record KtoOptions : ObjectiveOptions
{
    /// <summary>Gets the loss.</summary>
    /// <value>The default is kto.</value>
    public KtoLoss LossType { get; init; } = KtoLoss.Kto;

    /// <summary>Gets β: how strongly the policy is held to the model it started from.</summary>
    /// <value>Above 0. The default is 0.1.</value>
    [Range(1e-6, 1e6)]
    public double Beta { get; init; } = 0.1;

    /// <summary>Gets how much a good answer counts.</summary>
    /// <value>0 or more. The default is 1. With many more bad answers than good ones raise it, so that weight times number is about the same on both sides.</value>
    [Range(0.0, 1e6)]
    public double DesirableWeight { get; init; } = 1;

    /// <summary>Gets how much a bad answer counts.</summary>
    /// <value>0 or more. The default is 1.</value>
    [Range(0.0, 1e6)]
    public double UndesirableWeight { get; init; } = 1;
}
