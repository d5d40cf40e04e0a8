using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Forbids all but the k best tokens. Tokens that tie with the k-th are kept, as in trlX (topk_mask); k above the vocabulary
/// keeps all.</summary>
/// <param name="k">Greater than 0.</param>
public sealed class TopKProcessor(int k) : ILogitsProcessor
{
    /// <inheritdoc/>
    public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens)
    {
        if (k >= scores.size(1))
        {
            return scores;
        }
        var worstKept = topk(scores, k, dim: 1).values.narrow(1, k - 1, 1);   // [rows, 1]
        return scores.masked_fill(scores < worstKept, double.NegativeInfinity);
    }
}
