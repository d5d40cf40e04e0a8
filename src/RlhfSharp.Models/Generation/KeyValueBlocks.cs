using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Keys and values of sequences of any length, in blocks of <see cref="BlockSize"/> tokens.</summary>
/// <remarks>Blocks in use lie side by side: one product meets all of them, and reads no more than is alive. (vLLM's pages,
/// https://arxiv.org/abs/2309.06180, without its kernel.) Where a sequence ends in the middle of a block, the rest is to be masked.</remarks>
internal sealed class KeyValueBlocks : IDisposable
{
    /// <summary>The tokens of a block.</summary>
    public const int BlockSize = 16;

    private readonly ModelConfig _config;
    private readonly Tensor[] _keys;     // per layer [capacity, key-value heads, block size, head size]
    private readonly Tensor[] _values;
    private readonly List<(CachedSequence Owner, int Ordinal)> _blocks = [];   // what lies in each block
    private readonly List<long> _places = [];                                  // block · size + offset of each token that is about to come
    private Tensor? _targets;                                                  // rows of keys, seen as [·, head size], for these
    private BlockTable? _table;

    public KeyValueBlocks(ModelConfig config, ScalarType type, Device device)
    {
        (_config, Type, Device) = (config, type, device);
        _keys = new Tensor[config.LayerCount];
        _values = new Tensor[config.LayerCount];
        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            (_keys[layer], _values[layer]) = (Allocate(0), Allocate(0));
        }
    }

    /// <summary>Gets their element type.</summary>
    public ScalarType Type { get; }

    /// <summary>Gets where they lie.</summary>
    public Device Device { get; }

    /// <summary>Gets the largest number of tokens that any sequence of the table has room for.</summary>
    public int Width => _table!.BlocksPerOwner * BlockSize;

    /// <summary>Begins a forward pass: forgets which tokens were about to come.</summary>
    public void Begin()
    {
        _places.Clear();
        _targets?.Dispose();
        _targets = null;
    }

    /// <summary>Takes room for tokens that the forward pass is about to read. The order of calls is the order of tokens in <see cref="Store"/>.</summary>
    /// <param name="sequence">Which sequence they continue.</param>
    /// <param name="count">How many.</param>
    public void Append(CachedSequence sequence, int count)
    {
        for (var i = 0; i < count; i++, sequence.Length++)
        {
            if (sequence.Length % BlockSize == 0)
            {
                _blocks.Add((sequence, sequence.Blocks.Count));
                sequence.Blocks.Add(_blocks.Count - 1);
            }
            _places.Add((long)sequence.Blocks[^1] * BlockSize + sequence.Length % BlockSize);
        }
        Reserve(_blocks.Count);
    }

    /// <summary>Decides whose queries come, and in which order. What is appended afterwards is not looked at before the next call.</summary>
    /// <param name="owners">All sequences that have tokens.</param>
    public void SetOwners(IReadOnlyList<CachedSequence> owners)
    {
        _table?.Dispose();
        _table = new BlockTable(owners, _blocks.Count, Device);
    }

    /// <summary>Stores one layer's keys and values of the tokens that were appended since <see cref="Begin"/>.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="keys"><c>[tokens, key-value heads, head size]</c>.</param>
    /// <param name="values">As <paramref name="keys"/>.</param>
    public void Store(int layer, Tensor keys, Tensor values)
    {
        using var scope = NewDisposeScope();
        _targets ??= Targets().DetachFromDisposeScope();
        Put(_keys[layer], keys);
        Put(_values[layer], values);
    }

    /// <summary>Gets one layer's keys, <c>[capacity, key-value heads, block size, head size]</c>.</summary>
    public Tensor Keys(int layer) => _keys[layer];

    /// <summary>Gets one layer's values, as <see cref="Keys"/>.</summary>
    public Tensor Values(int layer) => _values[layer];

    /// <summary>Multiplies queries with the keys of their owners.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="queries"><c>[owners, key-value heads, queries, head size]</c>.</param>
    /// <returns><c>[owners, key-value heads, queries, width]</c>; columns behind a sequence's end hold anything finite.</returns>
    public Tensor Scores(int layer, Tensor queries) => _table!.Gather(_table.Spread(queries).matmul(Used(_keys[layer]).transpose(2, 3)));

    /// <summary>Sums the values of each owner by weights.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weights"><c>[owners, key-value heads, queries, width]</c>; 0 behind a sequence's end.</param>
    /// <returns><c>[owners, key-value heads, queries, head size]</c>.</returns>
    public Tensor Mix(int layer, Tensor weights) => _table!.Sum(_table.Scatter(weights).matmul(Used(_values[layer])));

    /// <summary>Gives the room of sequences back.</summary>
    /// <param name="sequences">Sequences that nobody looks at any more.</param>
    public void Free(IEnumerable<CachedSequence> sequences)
    {
        var freed = sequences.SelectMany(sequence => sequence.Blocks).ToHashSet();
        var left = _blocks.Count - freed.Count;
        // The last blocks move into the gaps.
        var from = Enumerable.Range(left, freed.Count).Where(block => !freed.Contains(block)).ToArray();
        var to = freed.Where(block => block < left).Order().ToArray();
        foreach (var (source, target) in from.Zip(to))
        {
            _blocks[target] = _blocks[source];
            _blocks[target].Owner.Blocks[_blocks[target].Ordinal] = target;
        }
        _blocks.RemoveRange(left, freed.Count);
        if (from.Length == 0)
        {
            return;
        }
        using var scope = NewDisposeScope();
        var (sources, targets) = (tensor(from, dtype: ScalarType.Int64, device: Device), tensor(to, dtype: ScalarType.Int64, device: Device));
        foreach (var stored in _keys.Concat(_values))
        {
            stored.index_copy_(0, targets, stored.index_select(0, sources));
        }
    }

    public void Dispose()
    {
        foreach (var stored in _keys.Concat(_values))
        {
            stored.Dispose();
        }
        _targets?.Dispose();
        _table?.Dispose();
    }

    private Tensor Used(Tensor stored) => stored.narrow(0, 0, _table!.Blocks);

    private Tensor Targets()
    {
        // Token at place (block, offset), head h: row (block · heads + h) · size + offset.
        var places = tensor(_places.ToArray(), [_places.Count, 1], device: Device);
        var blocks = places.div(BlockSize, RoundingMode.floor);
        var heads = arange(_config.KeyValueHeadCount, device: Device).unsqueeze(0);
        return ((blocks * _config.KeyValueHeadCount + heads) * BlockSize + (places - blocks * BlockSize)).flatten();
    }

    private void Put(Tensor stored, Tensor tokens) =>
        stored.view(-1, _config.HeadSize).index_copy_(0, _targets!, tokens.reshape(-1, _config.HeadSize));

    private void Reserve(int blocks)
    {
        var capacity = _keys[0].size(0);
        if (blocks <= capacity)
        {
            return;
        }
        using var scope = NewDisposeScope();
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            Enlarge(ref _keys[layer]);
            Enlarge(ref _values[layer]);
        }

        void Enlarge(ref Tensor stored)
        {
            var larger = Allocate(Math.Max(blocks, 2 * capacity));
            larger.narrow(0, 0, capacity).copy_(stored);
            stored.Dispose();
            stored = larger;
        }
    }

    // Zeros: what lies behind a sequence's end is multiplied by a weight of 0, which must not meet an infinity.
    private Tensor Allocate(long blocks) =>
        zeros([blocks, _config.KeyValueHeadCount, BlockSize, _config.HeadSize], dtype: Type, device: Device).DetachFromDisposeScope();
}
