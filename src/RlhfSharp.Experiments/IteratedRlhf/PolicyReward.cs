namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What a policy is rewarded by.</summary>
public enum PolicyReward
{
    /// <summary>The proxies, as in life.</summary>
    Proxy,

    /// <summary>Gold itself: what could be reached if people could be asked about every sample. Labels count none of these questions.</summary>
    Gold,
}
