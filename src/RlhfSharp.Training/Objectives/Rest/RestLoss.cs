namespace RlhfSharp.Training.Objectives;

/// <summary>How ReST's Improve steps learn.</summary>
public enum RestLoss
{
    /// <summary>By imitating the samples that were kept: negative log-likelihood per token.</summary>
    Nll,

    /// <summary>By preferring each prompt's best sample to its worst: DPO, whose reference is the policy that sampled.</summary>
    Dpo,
}
