namespace RlhfSharp.Training.Objectives;

/// <summary>When it is asked whether the targets of ILQL are due for synchronisation.</summary>
public enum TargetSync
{
    /// <summary>After each optimiser step, the last included: trlX 0.7.0 and the paper.</summary>
    PerStep,

    /// <summary>After the last step of each pass over the data: trlX since August 2023 (its change 522).</summary>
    PerPass,

    /// <summary>Never: the targets stay what they were at the start.</summary>
    Never,
}
