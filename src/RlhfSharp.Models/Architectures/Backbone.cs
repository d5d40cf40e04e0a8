using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>A transformer up to its last hidden states. What is computed from them is the business of heads.</summary>
public abstract class Backbone
{
    /// <summary>Computes hidden states after the final norm, for tokens without any padding.</summary>
    /// <param name="tokens">Token ids, <c>[tokens]</c>: the real tokens of all sequences one after the other.</param>
    /// <param name="lengths">The number of tokens of each sequence, each at least 1.</param>
    /// <returns><c>[tokens, hidden]</c>, owned by the caller's dispose scope.</returns>
    public abstract Tensor Forward(Tensor tokens, IReadOnlyList<int> lengths);
}
