namespace RlhfSharp.Training.Objectives;

/// <summary>From which weights the Improve steps of a round start.</summary>
public enum RestStart
{
    /// <summary>Those that the round was sampled with (ReST).</summary>
    Previous,

    /// <summary>Those that training started from, every time (ReST-EM, Singh et al. 2023, https://arxiv.org/abs/2312.06585): what a round overfits does not add up.</summary>
    Base,
}
