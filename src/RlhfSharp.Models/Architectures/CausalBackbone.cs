using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>A transformer whose tokens see only what came before them, so that it can be asked for the next one and keep what it computed.</summary>
public abstract class CausalBackbone : Backbone
{
    private protected CausalBackbone(ModelConfig config, ParameterSet parameters)
        : base(config, parameters)
    {
    }

    /// <summary>Computes hidden states after the final norm, for tokens without any padding.</summary>
    /// <param name="tokens">Token ids, <c>[tokens]</c>: the real tokens of all sequences one after the other.</param>
    /// <param name="attention">Knows which token belongs where: positions, and who may look at whom.</param>
    /// <returns><c>[tokens, hidden]</c>, owned by the caller's dispose scope.</returns>
    public abstract Tensor Forward(Tensor tokens, IAttention attention);

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor tokens, IReadOnlyList<int> lengths) => Forward(tokens, new SequenceAttention(lengths, tokens.device));
}
