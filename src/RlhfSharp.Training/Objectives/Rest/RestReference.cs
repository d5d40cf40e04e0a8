namespace RlhfSharp.Training.Objectives;

/// <summary>Which model ReST's loss <c>dpo</c> measures the policy against.</summary>
public enum RestReference
{
    /// <summary>The policy that drew the round's samples: nothing holds it to where training started.</summary>
    Sampler,

    /// <summary>The model that training started from, in every round, as in online DPO (Guo et al. 2024, https://arxiv.org/abs/2402.04792): β holds the policy to it.</summary>
    Start,
}
