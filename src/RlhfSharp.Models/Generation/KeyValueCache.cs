using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Keys and values of everything read so far, for a batch of rows, in memory that is taken once.</summary>
/// <remarks>Prompts lie at columns 0 to their length; new tokens of all rows share the columns behind the longest prompt. The gap that this
/// leaves in shorter rows is masked: where keys lie does not matter to attention, for positions are part of them already.</remarks>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;     // per layer [rows, key-value heads, capacity, head size]
    private readonly Tensor[] _values;
    private readonly int _capacity;
    private Tensor? _mask;               // [rows, 1, 1, capacity]; null when no row has a gap
    private int _used;

    public KeyValueCache(ModelConfig config, int rows, int capacity, ScalarType type, Device device)
    {
        _capacity = capacity;
        _keys = Allocate();
        _values = Allocate();

        Tensor[] Allocate() =>
            [.. Enumerable.Range(0, config.LayerCount).Select(_ =>
                empty([rows, config.KeyValueHeadCount, capacity, config.HeadSize], dtype: type, device: device).DetachFromDisposeScope())];
    }

    /// <summary>Takes the keys and values of the prompts of one layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="keys"><c>[prompts, key-value heads, longest, head size]</c>.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    /// <param name="promptOfRow">Which prompt each row continues, <c>[rows]</c>.</param>
    public void StorePrompts(int layer, Tensor keys, Tensor values, Tensor promptOfRow)
    {
        using var scope = NewDisposeScope();
        _used = (int)keys.size(2);
        _keys[layer].narrow(2, 0, _used).copy_(keys.index_select(0, promptOfRow));
        _values[layer].narrow(2, 0, _used).copy_(values.index_select(0, promptOfRow));
    }

    /// <summary>Hides the gap behind prompts that are shorter than the longest.</summary>
    /// <param name="promptLengths">Per row.</param>
    public void MaskGaps(IReadOnlyList<int> promptLengths)
    {
        if (promptLengths.All(length => length == _used))
        {
            return;
        }
        using var scope = NewDisposeScope();
        var values = new float[promptLengths.Count * _capacity];
        for (var row = 0; row < promptLengths.Count; row++)
        {
            values.AsSpan(row * _capacity + promptLengths[row], _used - promptLengths[row]).Fill(float.NegativeInfinity);
        }
        _mask = tensor(values, [promptLengths.Count, 1, 1, _capacity]).to(_keys[0].dtype).to(_keys[0].device).DetachFromDisposeScope();
    }

    /// <summary>Makes room for one more token per row.</summary>
    public void Advance() => _used++;

    /// <summary>Stores one layer's key and value of the newest token of each row and lets its query look at everything so far.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="query"><c>[rows, heads, head size]</c>.</param>
    /// <param name="key"><c>[rows, key-value heads, head size]</c>.</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <param name="scale">See <see cref="IAttention.Attend"/>.</param>
    /// <returns><c>[rows, heads, 1, head size]</c>.</returns>
    public Tensor Attend(int layer, Tensor query, Tensor key, Tensor value, double? scale)
    {
        _keys[layer].select(2, _used - 1).copy_(key);
        _values[layer].select(2, _used - 1).copy_(value);
        return AttentionProduct.Compute(
            query.unsqueeze(2), _keys[layer].narrow(2, 0, _used), _values[layer].narrow(2, 0, _used),
            _mask?.narrow(3, 0, _used), isCausal: false, scale);
    }

    /// <summary>Drops rows that are finished.</summary>
    /// <param name="rows">The rows to keep, <c>[kept]</c>.</param>
    public void Keep(Tensor rows)
    {
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            Replace(ref _keys[layer], rows);
            Replace(ref _values[layer], rows);
        }
        if (_mask is not null)
        {
            Replace(ref _mask, rows);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor.Dispose();
        }
        _mask?.Dispose();
    }

    private static void Replace(ref Tensor tensor, Tensor rows)
    {
        var kept = tensor.index_select(0, rows).DetachFromDisposeScope();
        tensor.Dispose();
        tensor = kept;
    }
}
