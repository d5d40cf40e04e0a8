namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Which prompts a policy is measured on. Neither part shares a pair of things with the other or with the training prompts.</summary>
public enum HeldOutPart
{
    /// <summary>Those that are looked at once, in the end.</summary>
    Evaluation,

    /// <summary>Those on which settings are chosen.</summary>
    Validation,
}
