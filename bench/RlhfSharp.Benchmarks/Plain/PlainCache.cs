using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>Keys and values per layer; each new token copies all of them into larger tensors.</summary>
internal sealed class PlainCache(int layers) : IDisposable
{
    private readonly Tensor?[] _keys = new Tensor?[layers];       // [rows, heads, columns, head size]
    private readonly Tensor?[] _values = new Tensor?[layers];

    /// <summary>Gets the number of columns.</summary>
    public long Length { get; private set; }

    /// <summary>Puts the caches of single rows, all equally long, one below the other.</summary>
    public static PlainCache Stack(IReadOnlyList<PlainCache> rows, int layers)
    {
        var stacked = new PlainCache(layers) { Length = rows[0].Length };
        for (var layer = 0; layer < layers; layer++)
        {
            stacked._keys[layer] = cat([.. rows.Select(row => row._keys[layer]!)], 0).DetachFromDisposeScope();
            stacked._values[layer] = cat([.. rows.Select(row => row._values[layer]!)], 0).DetachFromDisposeScope();
        }
        return stacked;
    }

    /// <summary>Appends columns to a layer.</summary>
    /// <returns>All keys and values of the layer; the cache owns them.</returns>
    public (Tensor Keys, Tensor Values) Extend(int layer, Tensor keys, Tensor values)
    {
        if (layer == layers - 1)
        {
            Length += keys.size(2);
        }
        return (Append(ref _keys[layer], keys), Append(ref _values[layer], values));
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor?.Dispose();
        }
    }

    private static Tensor Append(ref Tensor? past, Tensor more)
    {
        var all = past is null ? more.contiguous() : cat([past, more], 2);
        past?.Dispose();
        return past = all.DetachFromDisposeScope();
    }
}
