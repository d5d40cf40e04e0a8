using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Which rows of a batch continue the same prompt, so that their queries meet its keys in one product.</summary>
/// <remarks>Each prompt has as many slots as the largest group has rows. A slot too many repeats a row; nobody reads what it computes.</remarks>
internal sealed class PromptGroups : IDisposable
{
    private readonly int _largest;
    private readonly Tensor? _rowOfSlot;   // [prompts · largest]; null when all groups are equally large, for slots are rows then
    private readonly Tensor? _slotOfRow;   // [rows]

    /// <summary>Initializes the groups of a batch.</summary>
    /// <param name="promptOfRow">The prompt that each row continues, ascending from 0 without gaps.</param>
    /// <param name="device">Where the rows live.</param>
    public PromptGroups(IReadOnlyList<int> promptOfRow, Device device)
    {
        PromptOfRow = promptOfRow;
        var groups = promptOfRow.Index().GroupBy(row => row.Item, row => (long)row.Index).Select(rows => rows.ToList()).ToList();
        (Count, _largest) = (groups.Count, groups.Max(rows => rows.Count));
        if (groups.Any(rows => rows.Count < _largest))
        {
            var rowOfSlot = groups.SelectMany(rows => Enumerable.Range(0, _largest).Select(slot => rows[Math.Min(slot, rows.Count - 1)]));
            var slotOfRow = groups.SelectMany((rows, prompt) => rows.Select((_, slot) => (long)prompt * _largest + slot));
            _rowOfSlot = tensor(rowOfSlot.ToArray(), device: device).DetachFromDisposeScope();
            _slotOfRow = tensor(slotOfRow.ToArray(), device: device).DetachFromDisposeScope();
        }
    }

    /// <summary>Gets the number of prompts.</summary>
    public int Count { get; }

    /// <summary>Gets the prompt that each row continues.</summary>
    public IReadOnlyList<int> PromptOfRow { get; }

    /// <summary>Puts together what rows of the same prompt have.</summary>
    /// <param name="rows"><c>[rows, key-value heads, queries per key-value head, size]</c>.</param>
    /// <returns><c>[prompts, key-value heads, largest · queries per key-value head, size]</c>.</returns>
    public Tensor Join(Tensor rows)
    {
        var (heads, queries, size) = (rows.size(1), rows.size(2), rows.size(3));
        var slots = _rowOfSlot is null ? rows : rows.index_select(0, _rowOfSlot);
        return slots.view(Count, _largest, heads, queries, size).transpose(1, 2).reshape(Count, heads, _largest * queries, size);
    }

    /// <summary>Undoes <see cref="Join"/>.</summary>
    /// <param name="prompts"><c>[prompts, key-value heads, largest · queries per key-value head, size]</c>.</param>
    /// <returns><c>[rows, key-value heads, queries per key-value head, size]</c>.</returns>
    public Tensor Split(Tensor prompts)
    {
        var (heads, queries, size) = (prompts.size(1), prompts.size(2) / _largest, prompts.size(3));
        var slots = prompts.view(Count, heads, _largest, queries, size).transpose(1, 2).reshape(Count * _largest, heads, queries, size);
        return _slotOfRow is null ? slots : slots.index_select(0, _slotOfRow);
    }

    public void Dispose()
    {
        _rowOfSlot?.Dispose();
        _slotOfRow?.Dispose();
    }
}
