namespace RlhfSharp.QualityDiversity.Statistics;

/// <summary>Keeps every evaluation of every cell. An archive knows the best of a cell; what the cell is like, only all of them tell.</summary>
public sealed class CellLedger
{
    private readonly CellStatistics[] _cells;

    /// <summary>Initializes an empty ledger.</summary>
    /// <param name="cells">The number of cells, from 1.</param>
    public CellLedger(int cells)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cells, 1);
        _cells = [.. Enumerable.Range(0, cells).Select(_ => new CellStatistics())];
    }

    /// <summary>Gets what is known about each cell, <c>[cells]</c>.</summary>
    public IReadOnlyList<CellStatistics> Cells => _cells;

    /// <summary>Gets how many rejections belong to no cell, for instance because a label was unknown.</summary>
    public int RejectedWithoutCell { get; private set; }

    /// <summary>Takes an evaluation.</summary>
    /// <param name="cell">The cell, from 0.</param>
    /// <param name="objective">The objective; NaN and infinities count as rejected.</param>
    public void Add(int cell, double objective) => _cells[cell].Add(objective);

    /// <summary>Takes a rejection.</summary>
    /// <param name="cell">The cell it was meant for; null if there is none.</param>
    public void Reject(int? cell = null)
    {
        if (cell is { } known)
        {
            _cells[known].Reject();
        }
        else
        {
            RejectedWithoutCell++;
        }
    }
}
