using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>What the on-policy objectives have in common that follow the gradient of a clipped surrogate.</summary>
public abstract record PolicyGradientOptions : OnPolicyOptions
{
    /// <summary>Gets ε: how far the probability ratio of an action counts, from 1 − ε to 1 + ε.</summary>
    /// <value>Above 0. The default is 0.2.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double ClipRange { get; init; } = 0.2;
}
