namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Why the reward of a text may not be what it seems. A flag is a reason to look, not a proof.</summary>
[Flags]
internal enum TextFlag
{
    /// <summary>Nothing to say.</summary>
    None = 0,

    /// <summary>Its reward stands far above the others of its cell: <see cref="RobustZ"/>.</summary>
    HighReward = 1,

    /// <summary>It says again what it was asked: <see cref="InstructionEcho"/>.</summary>
    Echo = 2,

    /// <summary>It says the same again and again: <see cref="TextRepetition"/>.</summary>
    Repetition = 4,

    /// <summary>It has signs or letters of another script than the run's texts: <see cref="WritingScript"/>.</summary>
    OffScript = 8,

    /// <summary>It lies in a cell whose labels a judge does not find in it.</summary>
    JudgeMismatch = 16,

    /// <summary>Its reward falls when nothing but white space, case or the order of lines changes: <see cref="HarmlessEdits"/>.</summary>
    EditDrop = 32,
}
