namespace RlhfSharp.Training.Objectives;

/// <summary>By which standard deviation rewards of a group are divided.</summary>
public enum AdvantageScale
{
    /// <summary>That of the prompt's own samples.</summary>
    Group,

    /// <summary>That of all samples of the round.</summary>
    Batch,

    /// <summary>By none: a prompt whose samples differ much counts more (Dr. GRPO, Liu et al. 2025, https://arxiv.org/abs/2503.20783).</summary>
    None,
}
