using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Which blocks belong to whom, for one forward pass: moves queries and weights between the order of owners and that of blocks.</summary>
internal sealed class BlockTable : IDisposable
{
    private readonly int _owners;
    private readonly bool _isPlain;           // one owner, its blocks in order: nothing is to be looked up, and there are no tables
    private readonly Tensor? _ownerOfBlock;   // [blocks]
    private readonly Tensor? _blockOfSlot;    // [owners · blocks per owner]; a slot without a block repeats some other
    private readonly Tensor? _slotOfBlock;    // [blocks]

    /// <summary>Initializes the table.</summary>
    /// <param name="owners">Sequences, to which all blocks belong.</param>
    /// <param name="blocks">The number of blocks.</param>
    /// <param name="device">Where the blocks lie.</param>
    public BlockTable(IReadOnlyList<CachedSequence> owners, int blocks, Device device)
    {
        (_owners, Blocks) = (owners.Count, blocks);
        BlocksPerOwner = owners.Max(owner => owner.Blocks.Count);
        _isPlain = owners.Count == 1 && owners[0].Blocks.Index().All(block => block.Item == block.Index);
        if (_isPlain)
        {
            return;
        }
        var ownerOfBlock = new long[blocks];
        var slotOfBlock = new long[blocks];
        var blockOfSlot = new long[_owners * BlocksPerOwner];
        for (var owner = 0; owner < _owners; owner++)
        {
            for (var ordinal = 0; ordinal < owners[owner].Blocks.Count; ordinal++)
            {
                var (block, slot) = (owners[owner].Blocks[ordinal], owner * BlocksPerOwner + ordinal);
                (ownerOfBlock[block], slotOfBlock[block], blockOfSlot[slot]) = (owner, slot, block);
            }
        }
        (_ownerOfBlock, _slotOfBlock, _blockOfSlot) = (Index(ownerOfBlock), Index(slotOfBlock), Index(blockOfSlot));

        Tensor Index(long[] values) => tensor(values, device: device).DetachFromDisposeScope();
    }

    /// <summary>Gets the number of blocks.</summary>
    public int Blocks { get; }

    /// <summary>Gets the largest number of blocks that an owner has.</summary>
    public int BlocksPerOwner { get; }

    /// <summary>Gives each block its owner's queries.</summary>
    /// <param name="queries"><c>[owners, heads, queries, size]</c>.</param>
    /// <returns><c>[blocks or 1, heads, queries, size]</c>.</returns>
    public Tensor Spread(Tensor queries) => _isPlain ? queries : queries.index_select(0, _ownerOfBlock!);

    /// <summary>Puts together what the blocks of each owner have.</summary>
    /// <param name="scores"><c>[blocks, heads, queries, block size]</c>.</param>
    /// <returns><c>[owners, heads, queries, blocks per owner · block size]</c>.</returns>
    public Tensor Gather(Tensor scores)
    {
        var (heads, queries, size) = (scores.size(1), scores.size(2), scores.size(3));
        return (_isPlain ? scores : scores.index_select(0, _blockOfSlot!)).view(_owners, BlocksPerOwner, heads, queries, size)
            .permute(0, 2, 3, 1, 4).reshape(_owners, heads, queries, BlocksPerOwner * size);
    }

    /// <summary>Undoes <see cref="Gather"/>.</summary>
    /// <param name="weights"><c>[owners, heads, queries, blocks per owner · block size]</c>.</param>
    /// <returns><c>[blocks, heads, queries, block size]</c>.</returns>
    public Tensor Scatter(Tensor weights)
    {
        var (heads, queries, size) = (weights.size(1), weights.size(2), weights.size(3) / BlocksPerOwner);
        var slots = weights.view(_owners, heads, queries, BlocksPerOwner, size).permute(0, 3, 1, 2, 4).reshape(_owners * BlocksPerOwner, heads, queries, size);
        return _isPlain ? slots : slots.index_select(0, _slotOfBlock!);
    }

    /// <summary>Adds up what the blocks of each owner have.</summary>
    /// <param name="parts"><c>[blocks, heads, queries, size]</c>.</param>
    /// <returns><c>[owners, heads, queries, size]</c>, of the parts' type. The sums are made in F32: rounded to BF16 after each of some hundred blocks, small parts would be lost.</returns>
    public Tensor Sum(Tensor parts) => _isPlain
        ? parts.sum(0, keepdim: true)
        : zeros([_owners, parts.size(1), parts.size(2), parts.size(3)], dtype: ScalarType.Float32, device: parts.device)
            .index_add_(0, _ownerOfBlock!, parts.to(ScalarType.Float32), 1).to(parts.dtype);

    public void Dispose()
    {
        _ownerOfBlock?.Dispose();
        _blockOfSlot?.Dispose();
        _slotOfBlock?.Dispose();
    }
}
