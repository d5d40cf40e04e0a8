using System.Collections;

namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>Keeps the best solutions of each cell of a space of measures. What a cell is, each kind of archive says in its own file.</summary>
/// <typeparam name="TSolution">What is searched for, with all that belongs to it: a text and its labels, angles and a note. It must not
/// be changed once it was offered; a changed solution is a new one.</typeparam>
/// <remarks>Semantics of batches are those of pyribs' <c>GridArchive</c>: status and improvement are judged against the archive as it was before the
/// batch, only a strictly higher objective wins, and of equal rows the first. Enumerating gives the best of every occupied cell in the
/// order of cells; offering solutions meanwhile makes the enumeration throw. Not safe for use by several threads at once.</remarks>
public abstract class Archive<TSolution> : IReadOnlyCollection<Elite<TSolution>>
{
    /// <summary>Returned by <see cref="Locate"/> for a solution that gets a cell of its own.</summary>
    protected const int OwnCell = -1;

    private readonly List<int> _occupied = [];   // cells in the order in which they were filled
    private int[] _kept;             // [cells], how many solutions a cell holds
    private double[] _objectives;    // [cells × depth], best first within a cell
    private double[] _measures;      // [cells × depth × measures]
    private TSolution[] _solutions;  // [cells × depth]
    private long[] _numbers;         // [cells × depth]
    private int _version;

    private protected Archive(int cells, IReadOnlyList<string> measureNames, int depth, double qdScoreOffset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfZero(measureNames.Count, nameof(measureNames));
        (CellCount, MeasureNames, Depth, QdScoreOffset) = (cells, measureNames, depth, Check.Finite(qdScoreOffset));
        var capacity = Math.Max(cells, 1);
        (_kept, _objectives, _numbers) = (new int[capacity], new double[capacity * depth], new long[capacity * depth]);
        (_measures, _solutions) = (new double[capacity * depth * MeasureCount], new TSolution[capacity * depth]);
    }

    /// <summary>Gets the number of cells; it grows in an archive without fixed cells.</summary>
    public int CellCount { get; private set; }

    /// <summary>Gets the names of the measures, <c>[measures]</c>.</summary>
    public IReadOnlyList<string> MeasureNames { get; }

    /// <summary>Gets the number of measures.</summary>
    public int MeasureCount => MeasureNames.Count;

    /// <summary>Gets how many solutions a cell keeps, from 1.</summary>
    public int Depth { get; }

    /// <summary>Gets what is subtracted from each objective in the QD score: the lowest objective there can be.</summary>
    public double QdScoreOffset { get; }

    /// <summary>Gets the number of occupied cells.</summary>
    public int Count => _occupied.Count;

    /// <summary>Gets how many solutions were offered, rejected ones included.</summary>
    public long OfferedCount { get; private set; }

    /// <summary>Gets how many of the offered solutions were rejected: an objective or a measure was NaN or infinite, or a label unknown.</summary>
    public long RejectedCount { get; private set; }

    /// <summary>Gets the elite with the highest objective, of equal ones that of the lowest cell; null while the archive is empty.</summary>
    public Elite<TSolution>? BestElite => this.MaxBy(elite => elite.Objective);

    /// <summary>Gets what is said about the archive as a whole.</summary>
    public ArchiveStatistics Statistics => ArchiveStatistics.Of(this.Select(elite => elite.Objective), CellCount, QdScoreOffset, RejectedCount);

    /// <summary>Offers a batch of solutions. Row <c>i</c> of every argument is solution <c>i</c>.</summary>
    /// <param name="solutions">The solutions, <c>[batch]</c>; may be empty.</param>
    /// <param name="objectives">Higher is better, <c>[batch]</c>.</param>
    /// <param name="measures">Where they lie, <c>[batch, measures]</c>.</param>
    /// <returns>One result per row, <c>[batch]</c>.</returns>
    /// <remarks>A row with a NaN or an infinity is rejected and counted; the others are not affected by it.</remarks>
    /// <exception cref="ArgumentException">A shape differs; the archive is then unchanged.</exception>
    public AddResult[] Add(IReadOnlyList<TSolution> solutions, ReadOnlySpan<double> objectives, double[,] measures)
    {
        ArgumentNullException.ThrowIfNull(solutions);
        Check.Length(objectives.Length, solutions.Count, "one per solution");
        return AddRows(solutions, objectives, Check.Rows(measures, solutions.Count, MeasureNames));
    }

    /// <summary>Offers one solution.</summary>
    /// <param name="solution">The solution.</param>
    /// <param name="objective">Higher is better.</param>
    /// <param name="measures">Where it lies, <c>[measures]</c>.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="ArgumentException">The number of measures differs; the archive is then unchanged.</exception>
    public AddResult Add(TSolution solution, double objective, params ReadOnlySpan<double> measures)
    {
        Check.Length(measures.Length, MeasureCount, $"columns {string.Join(", ", MeasureNames)}");
        return AddRows([solution], [objective], measures)[0];
    }

    /// <summary>Finds the cell that measures fall into.</summary>
    /// <param name="measures">Finite, <c>[measures]</c>.</param>
    /// <returns>From 0 up to, not including, <see cref="CellCount"/>; −1 where a solution would get a cell of its own.</returns>
    /// <exception cref="ArgumentException">The number of measures differs, or one is not finite.</exception>
    public int CellOf(params ReadOnlySpan<double> measures)
    {
        Check.Length(measures.Length, MeasureCount, $"columns {string.Join(", ", MeasureNames)}");
        return Check.AreFinite(measures) ? Locate(measures) : throw new ArgumentException("measures must be finite numbers.", nameof(measures));
    }

    /// <summary>Gets the best solution of a cell.</summary>
    /// <param name="cell">From 0 up to, not including, <see cref="CellCount"/>.</param>
    /// <returns>The elite; null where the cell is empty.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such cell.</exception>
    public Elite<TSolution>? Best(int cell) => Kept(cell) is [var best, ..] ? best : null;

    /// <summary>Gets all solutions that a cell keeps.</summary>
    /// <param name="cell">From 0 up to, not including, <see cref="CellCount"/>.</param>
    /// <returns>Best first; of equal ones the one that came first. At most <see cref="Depth"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such cell.</exception>
    public IReadOnlyList<Elite<TSolution>> Kept(int cell)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cell);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cell, CellCount);
        return [.. Enumerable.Range(cell * Depth, _kept[cell]).Select(Read)];
    }

    /// <summary>Draws elites, each uniformly from the occupied cells, independently of each other.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">With <paramref name="index"/> it names the draw: the same name gives the same elites of the same archive.</param>
    /// <param name="index">Which of several draws.</param>
    /// <returns>The elites, <c>[count]</c>.</returns>
    /// <exception cref="InvalidOperationException">The archive is empty.</exception>
    public IReadOnlyList<Elite<TSolution>> Sample(int count, long seed, long index = 0)
    {
        var random = new NamedRandom(seed, "archive-sample", index);
        return [.. Enumerable.Range(0, count).Select(_ => Sample(random))];
    }

    /// <summary>Forgets all solutions; the counts of offered and rejected ones start anew.</summary>
    public void Clear()
    {
        Forget();
        (OfferedCount, RejectedCount) = (0, 0);
        AfterClear();
    }

    /// <summary>Forgets what an archive keeps beside its cells.</summary>
    private protected virtual void AfterClear()
    {
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Solutions were offered since the enumeration began.</exception>
    public IEnumerator<Elite<TSolution>> GetEnumerator()
    {
        var version = _version;
        for (var cell = 0; cell < CellCount; cell++)
        {
            if (_kept[cell] > 0)
            {
                yield return Read(cell * Depth);
                if (version != _version)
                {
                    throw new InvalidOperationException(
                        "The archive changed while it was enumerated. Take a copy first, for instance archive.ToList(), and enumerate that.");
                }
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Gets whether clearing leaves the cells as they are.</summary>
    private protected virtual bool HasFixedCells => true;

    /// <summary>Gets whether a better solution may take the place of an elite.</summary>
    private protected virtual bool Competes => true;

    internal Elite<TSolution> Sample(NamedRandom random) => _occupied.Count > 0
        ? Read(_occupied[random.Next(_occupied.Count)] * Depth)
        : throw new InvalidOperationException("The archive is empty: there is nothing to draw from.");

    /// <summary>Finds the cell of a solution.</summary>
    /// <param name="measures">Finite, <c>[measures]</c>.</param>
    /// <returns>A cell, or <see cref="OwnCell"/>.</returns>
    private protected abstract int Locate(ReadOnlySpan<double> measures);

    /// <summary>Called after each batch with what was offered, in rows of finite numbers and others.</summary>
    private protected virtual void AfterAdd(IReadOnlyList<TSolution> solutions, ReadOnlySpan<double> objectives, ReadOnlySpan<double> measures)
    {
    }

    /// <summary>Gets the measures of a cell's best solution, without a copy.</summary>
    private protected ReadOnlySpan<double> MeasuresOf(int cell) => _measures.AsSpan(cell * Depth * MeasureCount, MeasureCount);

    /// <summary>Places solutions anew, for an archive whose cells have moved.</summary>
    private protected void Refill(IEnumerable<Elite<TSolution>> solutions)
    {
        Forget();
        foreach (var solution in solutions)
        {
            double[] measures = [.. solution.Measures];
            Place(Locate(measures), solution.Solution, solution.Objective, measures, solution.Number);
        }
    }

    private AddResult[] AddRows(IReadOnlyList<TSolution> solutions, ReadOnlySpan<double> objectives, ReadOnlySpan<double> measures)
    {
        var results = new AddResult[objectives.Length];
        if (results.Length == 0)
        {
            return results;
        }
        _version++;
        var ownCells = 0;
        for (var row = 0; row < results.Length; row++)
        {
            var place = measures.Slice(row * MeasureCount, MeasureCount);
            results[row] = double.IsFinite(objectives[row]) && Check.AreFinite(place) ? Judge(Locate(place), objectives[row], ref ownCells) : AddResult.Rejected;
        }
        // In the order of rows, each against what is there by now: the best row of a cell remains, of equal ones the first.
        for (var row = 0; row < results.Length; row++)
        {
            if (results[row].Status > AddStatus.NotAdded)
            {
                Place(results[row].Cell, solutions[row], objectives[row], measures.Slice(row * MeasureCount, MeasureCount), OfferedCount + row);
            }
            else if (results[row].Status == AddStatus.Rejected)
            {
                RejectedCount++;
            }
        }
        OfferedCount += results.Length;
        AfterAdd(solutions, objectives, measures);
        return results;
    }

    private AddResult Judge(int cell, double objective, ref int ownCells)
    {
        if (cell == OwnCell)
        {
            return new AddResult(AddStatus.New, CellCount + ownCells++, objective);
        }
        var kept = _kept[cell];
        if (kept == 0)
        {
            return new AddResult(AddStatus.New, cell, objective);
        }
        var first = cell * Depth;
        var status = !Competes ? AddStatus.NotAdded
            : objective > _objectives[first] ? AddStatus.Improved
            : kept < Depth || objective > _objectives[first + kept - 1] ? AddStatus.Kept
            : AddStatus.NotAdded;
        return new AddResult(status, cell, objective - _objectives[first]);
    }

    private void Place(int cell, TSolution solution, double objective, ReadOnlySpan<double> measures, long number)
    {
        if (cell >= CellCount)
        {
            Grow(cell + 1);
        }
        var (first, kept) = (cell * Depth, _kept[cell]);
        var slot = kept;
        while (slot > 0 && objective > _objectives[first + slot - 1])
        {
            slot--;
        }
        if (slot == Depth)
        {
            return;
        }
        if (kept == 0)
        {
            _occupied.Add(cell);
        }
        var moved = Math.Min(kept, Depth - 1) - slot;
        if (moved > 0)
        {
            var (from, to) = (first + slot, first + slot + 1);
            Array.Copy(_objectives, from, _objectives, to, moved);
            Array.Copy(_solutions, from, _solutions, to, moved);
            Array.Copy(_numbers, from, _numbers, to, moved);
            Array.Copy(_measures, from * MeasureCount, _measures, to * MeasureCount, moved * MeasureCount);
        }
        var at = first + slot;
        (_objectives[at], _solutions[at], _numbers[at]) = (objective, solution, number);
        measures.CopyTo(_measures.AsSpan(at * MeasureCount, MeasureCount));
        _kept[cell] = Math.Min(kept + 1, Depth);
    }

    private void Grow(int cells)
    {
        CellCount = cells;
        if (cells <= _kept.Length)
        {
            return;
        }
        var capacity = Math.Max(cells, 2 * _kept.Length);
        Array.Resize(ref _kept, capacity);
        Array.Resize(ref _objectives, capacity * Depth);
        Array.Resize(ref _solutions, capacity * Depth);
        Array.Resize(ref _numbers, capacity * Depth);
        Array.Resize(ref _measures, capacity * Depth * MeasureCount);
    }

    private void Forget()
    {
        _version++;
        _occupied.Clear();
        Array.Clear(_kept);
        Array.Clear(_solutions);   // so that they can be collected
        if (!HasFixedCells)
        {
            CellCount = 0;
        }
    }

    private Elite<TSolution> Read(int slot) =>
        new(_solutions[slot], _objectives[slot], _measures[(slot * MeasureCount)..((slot + 1) * MeasureCount)], slot / Depth, _numbers[slot]);
}
