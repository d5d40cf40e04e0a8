namespace RlhfSharp.Experiments.Sweeps;

/// <summary>What became of a trial.</summary>
public enum TrialStatus
{
    /// <summary>It has not come to the end of a rung yet.</summary>
    Waiting,

    /// <summary>Others were better: halving trained it no further.</summary>
    Stopped,

    /// <summary>It was trained to its end.</summary>
    Done,

    /// <summary>Its settings do not go together, its training diverged, or its process died.</summary>
    Failed,
}
