namespace RlhfSharp.Training.Objectives;

/// <summary>What the thresholds of ReST's Improve steps are measured in.</summary>
public enum RestSelection
{
    /// <summary>The rewards of the round, brought to 0 to 1: one threshold for all prompts (Gulcehre et al. 2023, section 4). Hard prompts may be left with nothing.</summary>
    Global,

    /// <summary>The share of a prompt's own samples that lie below (the same, appendix A.7; trlX).</summary>
    Percentile,

    /// <summary>τ·max + (1 − τ)·mean of a prompt's own samples (the same, appendix A.7).</summary>
    Gamma,

    /// <summary>Nothing: the best sample of each prompt is kept, whatever the threshold (RAFT, Dong et al. 2023, https://arxiv.org/abs/2304.06767).</summary>
    Best,
}
