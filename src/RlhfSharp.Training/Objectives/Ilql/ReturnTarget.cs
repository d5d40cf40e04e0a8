namespace RlhfSharp.Training.Objectives;

/// <summary>What Q is trained towards. They differ in how fast a reward at the end is felt at the start.</summary>
public enum ReturnTarget
{
    /// <summary>r + γ·V of the next state: a reward travels back one token per update.</summary>
    OneStep,

    /// <summary>The λ-return: a mixture of all numbers of steps.</summary>
    Lambda,

    /// <summary>The discounted sum of all rewards that followed; V is not consulted.</summary>
    MonteCarlo,
}
