using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>Settings of direct preference optimisation; recipe section <c>objective</c> with <c>kind: dpo</c>. Names and defaults are TRL's.</summary>
[RecipeKind("dpo")]
public sealed record DpoOptions : ObjectiveOptions
{
    /// <summary>Gets the loss.</summary>
    /// <value>The default is sigmoid.</value>
    public DpoLoss LossType { get; init; } = DpoLoss.Sigmoid;

    /// <summary>Gets β: how strongly the policy is held to the model it started from.</summary>
    /// <value>Above 0. The default is 0.1.</value>
    [Range(1e-6, 1e6)]
    public double Beta { get; init; } = 0.1;

    /// <summary>Gets ε, the share of labels that is taken to be wrong.</summary>
    /// <value>From 0 up to, not including, 0.5. The default is 0. Losses other than sigmoid and robust do not read it.</value>
    [Range(0.0, 0.4999)]
    public double LabelSmoothing { get; init; }

    /// <summary>Gets the weight of the supervised loss on chosen answers, per token, that is added.</summary>
    /// <value>From 0 up. The default is 0. It keeps the chosen answers' probability from falling together with the rejected ones'.</value>
    [Range(0.0, 1e6)]
    public double SftCoefficient { get; init; }
}
