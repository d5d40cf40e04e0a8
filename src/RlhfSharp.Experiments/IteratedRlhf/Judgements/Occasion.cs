namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What an answer makes of the occasion that a question is about.</summary>
internal enum Occasion
{
    /// <summary>It speaks of none.</summary>
    Unmentioned,

    /// <summary>It speaks of the one that was asked about.</summary>
    TakenUp,

    /// <summary>It speaks of others only.</summary>
    Missed,
}
