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
    private readonly Lazy<Tensor> _lengths;

    /// <summary>Initializes attention over a batch of sequences.</summary>
    /// <param name="lengths">The number of tokens of each sequence, each at least 1, in the order in which their tokens are given.</param>
    /// <param name="device">Where the tokens live.</param>
    /// <param name="onKeysAndValues">Called with the layer and the padded keys and values, <c>[rows, key-value heads, longest, head size]</c>; a cache takes them.</param>
    public SequenceAttention(IReadOnlyList<int> lengths, Device device, Action<int, Tensor, Tensor>? onKeysAndValues = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(lengths.Count, nameof(lengths));
        _onKeysAndValues = onKeysAndValues;
        Positions = tensor(lengths.SelectMany(length => Enumerable.Range(0, length)).Select(position => (long)position).ToArray(), device: device);
        _lengths = new Lazy<Tensor>(() => tensor(lengths.SelectMany(length => Enumerable.Repeat((long)length, length)).ToArray(), device: device));
        // A cache wants all rows in one piece.
        _groups = [.. (onKeysAndValues is null ? Neighbours(lengths) : [lengths]).Select(group => new Group(group, device))];
    }

    /// <inheritdoc/>
    public Tensor Positions { get; }

    /// <inheritdoc/>
    public Tensor Lengths => _lengths.Value;

    /// <inheritdoc/>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale = null, int? window = null)
    {
        if (_groups is [var only])
        {
            return Attend(only, layer, query, key, value, scale, window);
        }
        var parts = new List<Tensor>();
        var start = 0L;
        foreach (var group in _groups)
        {
            Tensor Own(Tensor all) => all.narrow(0, start, group.Tokens);
            parts.Add(Attend(group, layer, Own(query), Own(key), Own(value), scale, window));
            start += group.Tokens;
        }
        return cat(parts, 0);
    }

    private Tensor Attend(Group group, int layer, Tensor query, Tensor key, Tensor value, double? scale, int? window)
    {
        var (paddedKey, paddedValue) = (group.Pad(key), group.Pad(value));   // [rows, key-value heads, longest, head size]
        _onKeysAndValues?.Invoke(layer, paddedKey, paddedValue);
        var mask = group.Mask(window, query.dtype);
        return group.Unpad(AttentionProduct.Compute(group.Pad(query), paddedKey, paddedValue, mask, isCausal: mask is null, scale));
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
        private readonly Device _device;
        private readonly Tensor? _slots;   // where token i lies in [rows · longest]; null when no row is padded

        private (int Width, Tensor Values)? _mask;   // of the window that was asked for last: most models have one

        public Group(IReadOnlyList<int> lengths, Device device)
        {
            (_rows, _longest, Tokens, _device) = (lengths.Count, lengths.Max(), lengths.Sum(), device);
            if (Tokens < (long)_rows * _longest)
            {
                _slots = tensor(lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(position => (long)row * _longest + position)).ToArray(), device: device);
            }
        }

        public int Tokens { get; }

        // [1, 1, longest, longest] for a window that hides something; null where being causal is all.
        public Tensor? Mask(int? window, ScalarType type)
        {
            if (window is not { } width || width >= _longest)
            {
                return null;
            }
            if (_mask is not { } known || known.Width != width)
            {
                var visible = ones(_longest, _longest, ScalarType.Bool, _device).tril().triu(1 - width);
                _mask = known = (width, zeros(_longest, _longest, type, _device).masked_fill(visible.logical_not(), double.NegativeInfinity).view(1, 1, _longest, _longest));
            }
            return known.Values;
        }

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
