using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Causal attention within sequences that are given whole, each from its first token on.</summary>
/// <remarks>Sequences are padded on the right for the attention product only: a real token never looks at what follows it, so no mask is needed.</remarks>
public sealed class SequenceAttention : IAttention
{
    private readonly int _rows;
    private readonly int _longest;
    private readonly Tensor? _slots;   // where token i lies in [rows · longest]; null when no row is padded
    private readonly Action<int, Tensor, Tensor>? _onKeysAndValues;

    /// <summary>Initializes attention over a batch of sequences.</summary>
    /// <param name="lengths">The number of tokens of each sequence, each at least 1, in the order in which their tokens are given.</param>
    /// <param name="device">Where the tokens live.</param>
    /// <param name="onKeysAndValues">Called with the layer and the padded keys and values, <c>[rows, key-value heads, longest, head size]</c>; a cache takes them.</param>
    public SequenceAttention(IReadOnlyList<int> lengths, Device device, Action<int, Tensor, Tensor>? onKeysAndValues = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lengths.Count, nameof(lengths));
        _rows = lengths.Count;
        _longest = lengths.Max();
        _onKeysAndValues = onKeysAndValues;
        Positions = tensor(lengths.SelectMany(length => Enumerable.Range(0, length)).Select(position => (long)position).ToArray(), device: device);
        if (lengths.Any(length => length < _longest))
        {
            _slots = tensor(lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(position => (long)row * _longest + position)).ToArray(), device: device);
        }
    }

    /// <inheritdoc/>
    public Tensor Positions { get; }

    /// <inheritdoc/>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null)
    {
        var heads = query.size(1);
        var (paddedKey, paddedValue) = (Pad(key), Pad(value));   // [rows, key-value heads, longest, head size]
        _onKeysAndValues?.Invoke(layer, paddedKey, paddedValue);
        var mixed = AttentionProduct.Compute(Pad(query), paddedKey, paddedValue, mask: null, isCausal: true, scale);
        var rows = mixed.transpose(1, 2).reshape(_rows * _longest, heads * query.size(2));
        return _slots is null ? rows : rows.index_select(0, _slots);
    }

    // [tokens, heads, head size] → [rows, heads, longest, head size]
    private Tensor Pad(Tensor tokens)
    {
        var (heads, size) = (tokens.size(1), tokens.size(2));
        var padded = _slots is null
            ? tokens
            : zeros([_rows * _longest, heads, size], tokens.dtype, tokens.device).index_copy(0, _slots, tokens);
        return padded.view(_rows, _longest, heads, size).transpose(1, 2);
    }
}
