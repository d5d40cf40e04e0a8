namespace RlhfSharp.Training.Objectives;

/// <summary>How GRPO averages the losses of tokens, by TRL's names.</summary>
public enum GrpoLoss
{
    /// <summary>Over all tokens of the step: long samples count more (Yu et al. 2025, https://arxiv.org/abs/2503.14476).</summary>
    Dapo,

    /// <summary>Over the tokens of each sample, then over samples: the paper's own.</summary>
    Grpo,

    /// <summary>Summed over the tokens of a sample and divided by the largest length there may be (Liu et al. 2025, https://arxiv.org/abs/2503.20783).</summary>
    DrGrpo,
}
