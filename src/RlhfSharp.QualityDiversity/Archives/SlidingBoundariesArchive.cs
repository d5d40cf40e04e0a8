namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>A grid whose borders move so that the latest solutions fill the bins of each axis evenly (Fontaine et al. 2019,
/// https://arxiv.org/abs/1904.10656).</summary>
/// <remarks>Every so many offered solutions the borders become the quantiles of the latest ones, and elites and latest solutions are placed anew. An elite
/// may then meet a better one in its new cell and be lost.</remarks>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class SlidingBoundariesArchive<TSolution> : Archive<TSolution>
{
    private readonly IReadOnlyList<NumericAxis> _first;
    private readonly int[] _bins;
    private readonly int _remapEvery;
    private readonly Queue<Elite<TSolution>> _latest = new();
    private readonly int _capacity;
    private IReadOnlyList<NumericAxis> _axes;
    private long _seen;

    /// <summary>Initializes an empty archive with borders of equal distance.</summary>
    /// <param name="axes">Name, range and number of bins of each measure; at least one.</param>
    /// <param name="remapEvery">Borders move after so many offered solutions, at the end of their batch. From 1; pyribs' default is 100.</param>
    /// <param name="latest">How many of the latest solutions decide the borders. From 1; pyribs' default is 1,000.</param>
    /// <param name="depth">How many solutions a cell keeps, from 1.</param>
    /// <param name="qdScoreOffset">Subtracted from each objective in the QD score: the lowest objective there can be.</param>
    /// <exception cref="ArgumentException">There is no axis, or a range is empty.</exception>
    public SlidingBoundariesArchive(
        IReadOnlyList<(string Name, double Low, double High, int Bins)> axes, int remapEvery = 100, int latest = 1000, int depth = 1, double qdScoreOffset = 0)
        : base(axes.Aggregate(1, (cells, axis) => checked(cells * axis.Bins)), [.. axes.Select(axis => axis.Name)], depth, qdScoreOffset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(remapEvery, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(latest, 1);
        (_remapEvery, _capacity, _bins) = (remapEvery, latest, [.. axes.Select(axis => axis.Bins)]);
        _axes = _first = [.. axes.Select(axis => NumericAxis.Uniform(axis.Name, axis.Low, axis.High, axis.Bins))];
    }

    /// <summary>Gets the axes as they lie now. Where quantiles coincide, an axis has fewer bins for a while and its last cells stay empty.</summary>
    public IReadOnlyList<NumericAxis> Axes => _axes;

    private protected override int Locate(ReadOnlySpan<double> measures)
    {
        var cell = 0;
        for (var axis = 0; axis < _axes.Count; axis++)
        {
            cell = cell * _bins[axis] + _axes[axis].BinOf(measures[axis]);
        }
        return cell;
    }

    private protected override void AfterAdd(IReadOnlyList<TSolution> solutions, ReadOnlySpan<double> objectives, ReadOnlySpan<double> measures)
    {
        var first = OfferedCount - solutions.Count;
        var before = _seen / _remapEvery;
        for (var row = 0; row < solutions.Count; row++)
        {
            var place = measures.Slice(row * MeasureCount, MeasureCount);
            if (double.IsFinite(objectives[row]) && Check.AreFinite(place))
            {
                _latest.Enqueue(new Elite<TSolution>(solutions[row], objectives[row], place.ToArray(), -1, first + row));
                _seen++;
            }
            if (_latest.Count > _capacity)
            {
                _latest.Dequeue();
            }
        }
        if (_seen / _remapEvery > before)
        {
            Remap();
        }
    }

    private protected override void AfterClear()
    {
        _latest.Clear();
        (_seen, _axes) = (0, _first);
    }

    private void Remap()
    {
        _axes = [.. _first.Select((axis, index) => NumericAxis.Quantiles(axis.Name, [.. _latest.Select(solution => solution.Measures[index])], _bins[index]))];
        var elites = Enumerable.Range(0, CellCount).SelectMany(Kept).ToList();
        var numbers = elites.Select(elite => elite.Number).ToHashSet();
        // In the order in which they were offered, so that the first of equal ones still wins.
        Refill(elites.Concat(_latest.Where(solution => !numbers.Contains(solution.Number))).OrderBy(solution => solution.Number));
    }
}
