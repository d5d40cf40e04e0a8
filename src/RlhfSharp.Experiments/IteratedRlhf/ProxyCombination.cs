namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>What the policy is rewarded by when there are proxies of several iterations (CombineRM of Wolf et al. 2025).</summary>
public enum ProxyCombination
{
    /// <summary>The last iteration's proxy.</summary>
    Last,

    /// <summary>The mean of all iterations' scores.</summary>
    Mean,

    /// <summary>The lowest of all iterations' scores.</summary>
    WorstCase,

    /// <summary>Their mean less λ times their variance.</summary>
    UncertaintyWeighted,

    /// <summary>One proxy whose weights are the mean of all iterations' weights.</summary>
    WeightAverage,
}
