namespace RlhfSharp.Training.Objectives;

/// <summary>The losses of unpaired preferences, by TRL's names.</summary>
public enum KtoLoss
{
    /// <summary>1 − σ(±β(r − KL)), r = log π − log π_ref: Ethayarajh et al. 2024, https://arxiv.org/abs/2402.01306.</summary>
    Kto,

    /// <summary>1 − σ(βr) for the good and σ(βr) for the bad, without KL (D'Oosterlinck et al. 2024).</summary>
    ApoZeroUnpaired,
}
