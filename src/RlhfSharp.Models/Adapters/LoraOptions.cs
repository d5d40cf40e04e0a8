using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Models.Adapters;

/// <summary>Low-rank adaptation (Hu et al. 2021, https://arxiv.org/abs/2106.09685): W + scale·B·A instead of W, and only A and B train. Names and defaults
/// are PEFT's.</summary>
public sealed record LoraOptions
{
    /// <summary>Targets that stand for every linear layer inside the blocks.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>Gets the rank r of B·A.</summary>
    /// <value>From 1 up. The default is 8.</value>
    [Range(1, 65_536)]
    public int Rank { get; init; } = 8;

    /// <summary>Gets what the scale is made of: α / r.</summary>
    /// <value>Above 0. The default is 8.</value>
    [Range(1e-6, 1e6)]
    public double Alpha { get; init; } = 8;

    /// <summary>Gets whether the scale is α / √r, which keeps high ranks from learning slowly (Kalajdzievski 2023, https://arxiv.org/abs/2312.03732).</summary>
    public bool RankStabilized { get; init; }

    /// <summary>Gets the share of a layer's inputs that A does not see in a training step.</summary>
    /// <value>From 0 up to, not including, 1. The default is 0.</value>
    [Range(0.0, 0.99)]
    public double Dropout { get; init; }

    /// <summary>Gets which layers are adapted.</summary>
    /// <value>Names of layers, or ends of them such as <c>q_proj</c>. The default is all-linear: every linear layer inside the blocks. An output layer that is not the
    /// input embedding is adapted where it is named.</value>
    public IReadOnlyList<string> Targets { get; init; } = [AllLinear];

    /// <summary>Gets which other parts of the model train as they are, and are saved whole with the adapter; a classifier's scores always do.</summary>
    /// <value>Names of layers, or ends of them such as <c>embed_tokens</c>. The default is none.</value>
    public IReadOnlyList<string> ModulesToSave { get; init; } = [];

    /// <summary>Gets what B·A is multiplied by.</summary>
    internal double Scale => RankStabilized ? Alpha / Math.Sqrt(Rank) : Alpha / Rank;
}
