using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Which rows of a batch continue the same prompt, so that their queries meet its keys in one product.</summary>
/// <remarks>Each prompt has as many slots as the largest group has rows. A slot too many repeats a row; nobody reads what it computes.</remarks>
internal sealed class PromptGroups : IDisposable
{
    private readonly int _prompts;
    private readonly int _largest;
    private readonly Tensor? _rowOfSlot;   // [prompts · largest]; null when all groups are equally large, for slots are rows then
    private readonly Tensor? _slotOfRow;   // [rows]

    /// <summary>Initializes the groups of a batch.</summary>
    /// <param name="promptOfRow">The prompt that each row continues; rows of a prompt stand side by side, in the order of prompts.</param>
    /// <param name="prompts">The number of prompts; some may have no row at present.</param>
    /// <param name="device">Where the rows live.</param>
    public PromptGroups(IReadOnlyList<int> promptOfRow, int prompts, Device device)
    {
        var counts = new int[prompts];
        foreach (var prompt in promptOfRow)
        {
            counts[prompt]++;
        }
        (_prompts, _largest) = (prompts, counts.Max());
        if (counts.All(count => count == _largest))
        {
            return;
        }
        var rowOfSlot = new long[prompts * _largest];
        var slotOfRow = new long[promptOfRow.Count];
        for (int prompt = 0, first = 0; prompt < prompts; first += counts[prompt++])
        {
            for (var slot = 0; slot < _largest; slot++)
            {
                rowOfSlot[prompt * _largest + slot] = slot < counts[prompt] ? first + slot : 0;
            }
            for (var row = 0; row < counts[prompt]; row++)
            {
                slotOfRow[first + row] = prompt * _largest + row;
            }
        }
        _rowOfSlot = tensor(rowOfSlot, device: device).DetachFromDisposeScope();
        _slotOfRow = tensor(slotOfRow, device: device).DetachFromDisposeScope();
    }

    /// <summary>Puts together what rows of the same prompt have.</summary>
    /// <param name="rows"><c>[rows, key-value heads, queries per key-value head, size]</c>.</param>
    /// <returns><c>[prompts, key-value heads, largest · queries per key-value head, size]</c>.</returns>
    public Tensor Join(Tensor rows)
    {
        var (heads, queries, size) = (rows.size(1), rows.size(2), rows.size(3));
        var slots = _rowOfSlot is null ? rows : rows.index_select(0, _rowOfSlot);
        return slots.view(_prompts, _largest, heads, queries, size).transpose(1, 2).reshape(_prompts, heads, _largest * queries, size);
    }

    /// <summary>Undoes <see cref="Join"/>.</summary>
    /// <param name="prompts"><c>[prompts, key-value heads, largest · queries per key-value head, size]</c>.</param>
    /// <returns><c>[rows, key-value heads, queries per key-value head, size]</c>.</returns>
    public Tensor Split(Tensor prompts)
    {
        var (heads, queries, size) = (prompts.size(1), prompts.size(2) / _largest, prompts.size(3));
        var slots = prompts.view(_prompts, heads, _largest, queries, size).transpose(1, 2).reshape(_prompts * _largest, heads, queries, size);
        return _slotOfRow is null ? slots : slots.index_select(0, _slotOfRow);
    }

    public void Dispose()
    {
        _rowOfSlot?.Dispose();
        _slotOfRow?.Dispose();
    }
}
