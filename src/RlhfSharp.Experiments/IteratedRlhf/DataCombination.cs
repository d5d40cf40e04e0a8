namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Which labels a proxy learns from (CombineData of Wolf et al. 2025, https://arxiv.org/abs/2505.18126, algorithm 1).</summary>
public enum DataCombination
{
    /// <summary>Those of the last iteration.</summary>
    Last,

    /// <summary>Those of all iterations so far.</summary>
    Concatenate,

    /// <summary>As many as one iteration has, in equal shares from all iterations so far.</summary>
    Sample,
}
