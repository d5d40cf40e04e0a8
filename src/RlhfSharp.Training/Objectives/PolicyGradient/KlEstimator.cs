namespace RlhfSharp.Training.Objectives;

/// <summary>Estimates of the divergence from a reference, per sampled token, from d = log π − log π_ref (Schulman 2020,
/// http://joschu.net/blog/kl-approx.html).</summary>
public enum KlEstimator
{
    /// <summary>d: unbiased, and often negative.</summary>
    K1,

    /// <summary>d²/2: biased, never negative.</summary>
    K2,

    /// <summary>exp(−d) − 1 + d: unbiased, never negative.</summary>
    K3,
}
