using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Causal attention within sequences that are given whole, each from its first token on.</summary>
/// <remarks>Padding is on the right: a real token never looks at what follows it, so no mask is needed.</remarks>
public sealed class SequenceAttention : IAttention
{
    private readonly SequencePadding _padding;
    private readonly Lazy<Tensor> _lengths;

    /// <summary>Initializes attention over a batch of sequences.</summary>
    /// <param name="lengths">The number of tokens of each sequence, each at least 1, in the order in which their tokens are given.</param>
    /// <param name="device">Where the tokens live.</param>
    public SequenceAttention(IReadOnlyList<int> lengths, Device device)
    {
        _padding = new SequencePadding(lengths, device);
        Positions = SequencePositions.Of(lengths, device);
        _lengths = new Lazy<Tensor>(() => tensor(lengths.SelectMany(length => Enumerable.Repeat((long)length, length)).ToArray(), device: device));
    }

    /// <inheritdoc/>
    public Tensor Positions { get; }

    /// <inheritdoc/>
    public Tensor Lengths => _lengths.Value;

    /// <inheritdoc/>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null, int? window = null) =>
        _padding.Attend(query, key, value, (group, queries, keys, values) =>
        {
            var mask = group.CausalMask(window, query.dtype);
            return AttentionProduct.Compute(queries, keys, values, mask, isCausal: mask is null, scale);
        });
}
