using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>The one place of a forward pass where tokens of a sequence meet; everything else works on each token alone.</summary>
/// <remarks>Because of that a backbone computes no padding at all, and does not know whether keys come from this call or from a cache.</remarks>
public interface IAttention
{
    /// <summary>Gets each token's position in its sequence, <c>[tokens]</c>, counted from the first real token.</summary>
    Tensor Positions { get; }

    /// <summary>Gets how long each token's sequence is, as far as it is known by now, <c>[tokens]</c>.</summary>
    Tensor Lengths { get; }

    /// <summary>Lets each token look at itself and what came before it.</summary>
    /// <param name="layer">The block, from 0.</param>
    /// <param name="query"><c>[tokens, heads, head size]</c>.</param>
    /// <param name="key"><c>[tokens, key-value heads, head size]</c>; the number of heads is a multiple of that of key-value heads.</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="scale">What the products are multiplied by; null means 1/√(head size).</param>
    /// <param name="window">How many tokens each one looks at, itself included; null means all.</param>
    /// <returns><c>[tokens, heads · head size]</c>.</returns>
    Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null, int? window = null);
}
