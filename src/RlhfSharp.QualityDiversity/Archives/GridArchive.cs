namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>The archive of MAP-Elites (Mouret and Clune 2015, https://arxiv.org/abs/1504.04909): a grid over the measures.</summary>
/// <remarks>Each axis has its own number of bins, and may be numeric or categorical. Cells are numbered row by row: the last axis runs
/// fastest. Values beyond the ends of an axis fall into its border bins.</remarks>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class GridArchive<TSolution> : Archive<TSolution>
{
    private readonly ArchiveAxis[] _axes;

    /// <summary>Initializes an empty archive.</summary>
    /// <param name="axes">At least one.</param>
    /// <param name="depth">How many solutions a cell keeps, from 1.</param>
    /// <param name="qdScoreOffset">Subtracted from each objective in the QD score: the lowest objective there can be.</param>
    /// <exception cref="ArgumentException">There is no axis.</exception>
    public GridArchive(IReadOnlyList<ArchiveAxis> axes, int depth = 1, double qdScoreOffset = 0)
        : base(axes.Aggregate(1, (cells, axis) => checked(cells * axis.Bins)), [.. axes.Select(axis => axis.Name)], depth, qdScoreOffset) => _axes = [.. axes];

    /// <summary>Gets the axes.</summary>
    public IReadOnlyList<ArchiveAxis> Axes => _axes;

    /// <summary>Finds the bins of a cell.</summary>
    /// <param name="cell">From 0 up to, not including, the number of cells.</param>
    /// <returns>One bin per axis, <c>[axes]</c>.</returns>
    public int[] BinsOf(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cell);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cell, CellCount);
        var bins = new int[_axes.Length];
        for (var axis = bins.Length - 1; axis >= 0; axis--)
        {
            (cell, bins[axis]) = Math.DivRem(cell, _axes[axis].Bins);
        }
        return bins;
    }

    private protected override int Locate(ReadOnlySpan<double> measures)
    {
        var cell = 0;
        for (var axis = 0; axis < _axes.Length; axis++)
        {
            cell = cell * _axes[axis].Bins + _axes[axis].BinOf(measures[axis]);
        }
        return cell;
    }
}
