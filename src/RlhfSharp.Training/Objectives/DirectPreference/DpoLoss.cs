namespace RlhfSharp.Training.Objectives;

/// <summary>The losses of direct preference optimisation, by TRL's names.</summary>
public enum DpoLoss
{
    /// <summary>−(1 − ε)·log σ(βΔ) − ε·log σ(−βΔ): Rafailov et al. 2023, with ε cDPO (Mitchell 2023).</summary>
    Sigmoid,

    /// <summary>relu(1 − βΔ): SLiC (Zhao et al. 2023).</summary>
    Hinge,

    /// <summary>(Δ − 1/(2β))², Δ per token: IPO (Azar et al. 2023) as TRL has it.</summary>
    Ipo,

    /// <summary>The same with Δ summed over tokens, as in the paper and in OpenRLHF.</summary>
    IpoSum,

    /// <summary>[−(1 − ε)·log σ(βΔ) + ε·log σ(−βΔ)] / (1 − 2ε): unbiased where a share ε of the labels is flipped (Chowdhury et al. 2024).</summary>
    Robust,

    /// <summary>1 − σ(β·r₊) + σ(β·r₋): APO for models that are worse than the data (D'Oosterlinck et al. 2024).</summary>
    ApoZero,

    /// <summary>σ(β·r₊) + 1 − σ(βΔ): APO for models that are better than the data.</summary>
    ApoDown,

    /// <summary>−log σ(βΔ), Δ per token.</summary>
    SigmoidNorm,
}
