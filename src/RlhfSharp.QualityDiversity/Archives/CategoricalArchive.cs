namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>An archive whose measures are labels, for instance genre and tone: one cell per combination.</summary>
/// <remarks>A label that no axis knows is a rejection that is counted, never an exception: judges make mistakes. Cells are numbered row
/// by row: the last axis runs fastest.</remarks>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class CategoricalArchive<TSolution> : Archive<TSolution>
{
    private readonly CategoricalAxis[] _axes;

    /// <summary>Initializes an empty archive.</summary>
    /// <param name="axes">At least one.</param>
    /// <param name="depth">How many solutions a cell keeps, from 1.</param>
    /// <param name="qdScoreOffset">Subtracted from each objective in the QD score: the lowest objective there can be.</param>
    /// <exception cref="ArgumentException">There is no axis.</exception>
    public CategoricalArchive(IReadOnlyList<CategoricalAxis> axes, int depth = 1, double qdScoreOffset = 0)
        : base(axes.Aggregate(1, (cells, axis) => checked(cells * axis.Bins)), [.. axes.Select(axis => axis.Name)], depth, qdScoreOffset) => _axes = [.. axes];

    /// <summary>Gets the axes.</summary>
    public IReadOnlyList<CategoricalAxis> Axes => _axes;

    /// <summary>Offers a batch of solutions by their labels.</summary>
    /// <param name="solutions">The solutions, <c>[batch]</c>; may be empty.</param>
    /// <param name="objectives">Higher is better, <c>[batch]</c>.</param>
    /// <param name="labels">One label per axis, <c>[batch, axes]</c>.</param>
    /// <returns>One result per row, <c>[batch]</c>; a row with an unknown label is rejected.</returns>
    /// <exception cref="ArgumentException">A shape differs; the archive is then unchanged.</exception>
    public AddResult[] Add(IReadOnlyList<TSolution> solutions, ReadOnlySpan<double> objectives, string[,] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var measures = new double[labels.GetLength(0), labels.GetLength(1)];
        if (labels.GetLength(1) == _axes.Length)   // otherwise the shape is wrong, which the call below says
        {
            for (var row = 0; row < labels.GetLength(0); row++)
            {
                for (var axis = 0; axis < _axes.Length; axis++)
                {
                    measures[row, axis] = _axes[axis].MeasureOf(labels[row, axis]);
                }
            }
        }
        return Add(solutions, objectives, measures);
    }

    /// <summary>Gets the labels of a cell.</summary>
    /// <param name="cell">From 0 up to, not including, the number of cells.</param>
    /// <returns>One label per axis, <c>[axes]</c>.</returns>
    public string[] LabelsOf(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cell);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cell, CellCount);
        var labels = new string[_axes.Length];
        for (var axis = labels.Length - 1; axis >= 0; axis--)
        {
            (cell, var bin) = Math.DivRem(cell, _axes[axis].Bins);
            labels[axis] = _axes[axis].Labels[bin];
        }
        return labels;
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
