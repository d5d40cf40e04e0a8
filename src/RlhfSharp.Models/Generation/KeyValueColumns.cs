using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Keys and values per layer, one column per token, in memory that is taken once.</summary>
/// <remarks>A column belongs to all rows. The gap that this leaves behind prompts shorter than the longest is masked: where keys lie does
/// not matter to attention, for positions are part of them already.</remarks>
internal sealed class KeyValueColumns : IDisposable
{
    private readonly Tensor[] _keys;     // per layer [rows, key-value heads, capacity, head size]
    private readonly Tensor[] _values;
    private readonly int _capacity;
    private Tensor? _mask;               // [rows, 1, 1, capacity]; null when no row has a gap
    private (int Window, int NewTokens, Tensor Mask)? _windowed;
    private IReadOnlyList<int> _lengths;   // of the prompts, per row
    private int _longest;                  // of the prompts
    private int _newTokens;                // since the prompts

    public KeyValueColumns(ModelConfig config, int rows, int capacity, ScalarType type, Device device)
    {
        (_capacity, _lengths) = (capacity, new int[rows]);
        _keys = Allocate();
        _values = Allocate();

        Tensor[] Allocate() =>
            [.. Enumerable.Range(0, config.LayerCount).Select(_ =>
                empty([rows, config.KeyValueHeadCount, capacity, config.HeadSize], dtype: type, device: device).DetachFromDisposeScope())];
    }

    /// <summary>Gets the number of columns in use.</summary>
    public int Used { get; private set; }

    /// <summary>Gets where they lie.</summary>
    public Device Device => _keys[0].device;

    /// <summary>Gets what is added to products with the keys.</summary>
    /// <param name="window">How many tokens the newest one looks at, itself included; null means all.</param>
    /// <returns><c>[rows, 1, 1, used]</c>; null for nothing.</returns>
    public Tensor? Mask(int? window)
    {
        if (window is not { } width || _lengths.Max() + _newTokens <= width)
        {
            return _mask?.narrow(3, 0, Used);
        }
        // All layers ask for the same one.
        if (_windowed is not { } known || (known.Window, known.NewTokens) != (width, _newTokens))
        {
            Forget();
            _windowed = known = (width, _newTokens, CreateMask(width));
        }
        return known.Mask;
    }

    /// <summary>Takes a column per token of the longest prompt, and hides the gaps behind the others.</summary>
    /// <param name="lengths">Per row.</param>
    public void AddPrompts(IReadOnlyList<int> lengths)
    {
        Used = _longest = lengths.Max();
        _lengths = lengths;
        if (lengths.All(length => length == Used))
        {
            return;
        }
        using var scope = NewDisposeScope();
        var values = new float[lengths.Count * _capacity];
        for (var row = 0; row < lengths.Count; row++)
        {
            values.AsSpan(row * _capacity + lengths[row], Used - lengths[row]).Fill(float.NegativeInfinity);
        }
        _mask = tensor(values, [lengths.Count, 1, 1, _capacity]).to(_keys[0].dtype).to(Device).DetachFromDisposeScope();
    }

    /// <summary>Takes a column for one more token per row.</summary>
    public void AddToken()
    {
        Used++;
        _newTokens++;
    }

    /// <summary>Takes note of one more token per row whose column is kept elsewhere: a window moves on.</summary>
    public void MoveOn() => _newTokens++;

    /// <summary>Fills the newest columns of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="keys"><c>[rows, key-value heads, columns, head size]</c>.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    public void Store(int layer, Tensor keys, Tensor values)
    {
        var count = keys.size(2);
        _keys[layer].narrow(2, Used - count, count).copy_(keys);
        _values[layer].narrow(2, Used - count, count).copy_(values);
    }

    /// <summary>Gets the keys of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns><c>[rows, key-value heads, used, head size]</c>.</returns>
    public Tensor Keys(int layer) => _keys[layer].narrow(2, 0, Used);

    /// <summary>Gets the values of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>As <see cref="Keys"/>.</returns>
    public Tensor Values(int layer) => _values[layer].narrow(2, 0, Used);

    /// <summary>Drops all other rows.</summary>
    /// <param name="rows">The rows to keep, in their new order.</param>
    public void Keep(IReadOnlyList<int> rows)
    {
        using var scope = NewDisposeScope();
        var index = tensor(rows.Select(row => (long)row).ToArray(), device: Device);
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            Replace(ref _keys[layer], index);
            Replace(ref _values[layer], index);
        }
        if (_mask is not null)
        {
            Replace(ref _mask, index);
        }
        _lengths = [.. rows.Select(row => _lengths[row])];
        Forget();
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor.Dispose();
        }
        _mask?.Dispose();
        Forget();
    }

    private Tensor CreateMask(int window)
    {
        using var scope = NewDisposeScope();
        var values = new float[_lengths.Count * Used];
        for (var row = 0; row < _lengths.Count; row++)
        {
            for (var column = 0; column < Used; column++)
            {
                var isGap = column >= _lengths[row] && column < _longest;
                var position = column < _longest ? column : _lengths[row] + column - _longest;
                if (isGap || position + window < _lengths[row] + _newTokens)
                {
                    values[row * Used + column] = float.NegativeInfinity;
                }
            }
        }
        return tensor(values, [_lengths.Count, 1, 1, Used]).to(_keys[0].dtype).to(Device).DetachFromDisposeScope();
    }

    private void Forget()
    {
        _windowed?.Mask.Dispose();
        _windowed = null;
    }

    private static void Replace(ref Tensor tensor, Tensor rows)
    {
        var kept = tensor.index_select(0, rows).DetachFromDisposeScope();
        tensor.Dispose();
        tensor = kept;
    }
}
