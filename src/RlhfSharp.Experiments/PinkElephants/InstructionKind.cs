namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>What a dialogue's instruction is about.</summary>
public enum InstructionKind
{
    /// <summary>It forbids the thing that the rejected answer names: the task itself.</summary>
    Avoid,

    /// <summary>There is none, and the good answer names the thing that the person asked about.</summary>
    None,

    /// <summary>It forbids something else, and the good answer names the thing that the person asked about.</summary>
    Other,
}
