using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>A transformer up to its last hidden states. What is computed from them is the business of heads.</summary>
public abstract class Backbone
{
    /// <summary>Gets the output layer's weight, <c>[vocabulary, hidden]</c>: the input embedding where the two are tied.</summary>
    public abstract Tensor OutputWeight { get; }

    /// <summary>Computes hidden states after the final norm, for tokens without any padding.</summary>
    /// <param name="tokens">Token ids, <c>[tokens]</c>: the real tokens of all sequences one after the other.</param>
    /// <param name="attention">Knows which token belongs where: positions, and who may look at whom.</param>
    /// <returns><c>[tokens, hidden]</c>, owned by the caller's dispose scope.</returns>
    public abstract Tensor Forward(Tensor tokens, IAttention attention);
}
