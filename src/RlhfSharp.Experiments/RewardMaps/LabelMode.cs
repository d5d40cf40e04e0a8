namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Which labels decide the cell of a text.</summary>
public enum LabelMode
{
    /// <summary>Those that were asked for, whatever was written. Coverage then says nothing: every cell is asked for sooner or later.</summary>
    Requested,

    /// <summary>Those that the judges find; a text without one is rejected and counted.</summary>
    Judged,

    /// <summary>Both, which must be equal; other texts are rejected and counted.</summary>
    Agreeing,
}
