namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Where the policy of an iteration starts (CombineP of Wolf et al. 2025).</summary>
public enum PolicyStart
{
    /// <summary>At the recipe's model, in each iteration anew.</summary>
    Supervised,

    /// <summary>At the last iteration's policy.</summary>
    Last,

    /// <summary>Between the last iteration's start and its policy (LITI): start + η · (policy − start), weight by weight. The penalty for leaving the start is towards this
    /// point.</summary>
    Interpolated,
}
