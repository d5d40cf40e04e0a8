namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Which token of an answer receives its reward.</summary>
public enum RewardPlace
{
    /// <summary>The last one, as in trlX.</summary>
    End,

    /// <summary>The one that completes the first mention of the thing that makes the answer good or bad; the last one where there is none.</summary>
    Mention,
}
