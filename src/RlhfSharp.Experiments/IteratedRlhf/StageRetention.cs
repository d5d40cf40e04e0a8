namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What a stage keeps once no other needs it any more. What the report is made of is always kept: metrics, held-out answers, labelled answers, counts.</summary>
public enum StageRetention
{
    /// <summary>Everything: the weights of all policies and proxies, and all samples.</summary>
    Everything,

    /// <summary>What the report needs, and the weights of each iteration's policy.</summary>
    Policies,

    /// <summary>What the report needs.</summary>
    Report,
}
