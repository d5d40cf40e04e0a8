using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>Causal attention within sequences that are given whole, each from its first token on.</summary>
/// <remarks>Sequences are padded on the right, for the attention product only: a real token never looks at what follows it, so no mask is
/// needed. Neighbours of about the same length are padded together, others apart: the product's cost grows with the square of the length.</remarks>
public sealed class SequenceAttention : IAttention
{
    // How many products of queries and keys per head may be wasted on padding before another call is cheaper; found by measuring.
    private const long WasteLimit = 64 * 1024;

    private readonly IReadOnlyList<Group> _groups;
    private readonly Action<int, Tensor, Tensor>? _onKeysAndValues;

    /// <summary>Initializes attention over a batch of sequences.</summary>
    /// <param name="lengths">The number of tokens of each sequence, each at least 1, in the order in which their tokens are given.</param>
    /// <param name="device">Where the tokens live.</param>
    /// <param name="onKeysAndValues">Called with the layer and the padded keys and values, <c>[rows, key-value heads, longest, head size]</c>; a cache takes them.</param>
    public SequenceAttention(IReadOnlyList<int> lengths, Device device, Action<int, Tensor, Tensor>? onKeysAndValues = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lengths.Count, nameof(lengths));
        _onKeysAndValues = onKeysAndValues;
        Positions = tensor(lengths.SelectMany(length => Enumerable.Range(0, length)).Select(position => (long)position).ToArray(), device: device);
        // A cache wants all rows in one piece.
        _groups = [.. (onKeysAndValues is null ? Neighbours(lengths) : [lengths]).Select(group => new Group(group, device))];
    }

    /// <inheritdoc/>
    public Tensor Positions { get; }

    /// <inheritdoc/>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null)
    {
        if (_groups is [var only])
        {
            return Attend(only, layer, query, key, value, scale);
        }
        var parts = new List<Tensor>();
        var start = 0L;
        foreach (var group in _groups)
        {
            parts.Add(Attend(group, layer, query.narrow(0, start, group.Tokens), key.narrow(0, start, group.Tokens), value.narrow(0, start, group.Tokens), scale));
            start += group.Tokens;
        }
        return cat(parts, 0);
    }

    private Tensor Attend(Group group, int layer, Tensor query, Tensor key, Tensor value, double? scale)
    {
        var (paddedKey, paddedValue) = (group.Pad(key), group.Pad(value));   // [rows, key-value heads, longest, head size]
        _onKeysAndValues?.Invoke(layer, paddedKey, paddedValue);
        return group.Unpad(AttentionProduct.Compute(group.Pad(query), paddedKey, paddedValue, mask: null, isCausal: true, scale));
    }

    private static IEnumerable<IReadOnlyList<int>> Neighbours(IReadOnlyList<int> lengths)
    {
        var group = new List<int>();
        foreach (var length in lengths)
        {
            if (group.Count > 0 && Waste([.. group, length]) > WasteLimit)
            {
                yield return group;
                group = [];
            }
            group.Add(length);
        }
        yield return group;
    }

    private static long Waste(IReadOnlyList<int> lengths)
    {
        var longest = (long)lengths.Max();
        return lengths.Sum(length => longest * longest - (long)length * length);
    }

    /// <summary>Sequences that are padded to one length.</summary>
    private sealed class Group
    {
        private readonly int _rows;
        private readonly int _longest;
        private readonly Tensor? _slots;   // where token i lies in [rows · longest]; null when no row is padded

        public Group(IReadOnlyList<int> lengths, Device device)
        {
            (_rows, _longest, Tokens) = (lengths.Count, lengths.Max(), lengths.Sum());
            if (Tokens < (long)_rows * _longest)
            {
                _slots = tensor(lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(position => (long)row * _longest + position)).ToArray(), device: device);
            }
        }

        public int Tokens { get; }

        // [tokens, heads, head size] → [rows, heads, longest, head size]
        public Tensor Pad(Tensor tokens)
        {
            var (heads, size) = (tokens.size(1), tokens.size(2));
            var padded = _slots is null
                ? tokens
                : zeros([_rows * _longest, heads, size], tokens.dtype, tokens.device).index_copy(0, _slots, tokens);
            return padded.view(_rows, _longest, heads, size).transpose(1, 2);
        }

        // [rows, heads, longest, head size] → [tokens, heads · head size]
        public Tensor Unpad(Tensor mixed)
        {
            var rows = mixed.transpose(1, 2).reshape(_rows * _longest, mixed.size(1) * mixed.size(3));
            return _slots is null ? rows : rows.index_select(0, _slots);
        }
    }
}
