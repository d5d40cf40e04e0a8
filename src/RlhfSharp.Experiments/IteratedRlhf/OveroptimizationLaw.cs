namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>How gold changes with d = √KL, the distance from the start (Gao et al. 2022, https://arxiv.org/abs/2210.10760, section 3.1).</summary>
internal enum OveroptimizationLaw
{
    /// <summary>R(d) = d · (α − β · d): the best of n samples.</summary>
    BestOfN,

    /// <summary>R(d) = d · (α − β · log d), R(0) = 0: a policy that was trained.</summary>
    Reinforcement,
}
