namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Why a text was not placed.</summary>
internal enum RejectReason
{
    /// <summary>Nothing was written.</summary>
    Empty,

    /// <summary>The same text was there before, white space and case aside.</summary>
    Duplicate,

    /// <summary>A judge found no label, or one that the axis does not have.</summary>
    NoLabel,

    /// <summary>The judge found another label than was asked for, and the recipe wants them to agree.</summary>
    OtherLabel,

    /// <summary>The reward is no finite number.</summary>
    NoReward,

    /// <summary>It belongs to the frozen set by which a search for disagreement ranks texts; nothing is wrong with it.</summary>
    Calibration,
}
