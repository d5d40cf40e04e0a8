using RlhfSharp.Models.Heads;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Steers a model by its ILQL heads: log π(a) + β·(min target Q(a) − V), as trlX does (modeling_ilql.py, generate).</summary>
/// <param name="heads">The heads.</param>
/// <param name="beta">β, how strongly; 0 leaves the model alone.</param>
public sealed class IlqlSteering(IlqlHeads heads, double beta) : ILogitsProcessor
{
    /// <inheritdoc/>
    public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens) =>
        beta == 0 ? scores : scores.log_softmax(1) + beta * heads.Advantages(hidden);
}
