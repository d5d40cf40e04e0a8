using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Offers solutions to an archive, from empty. The plain rendering is a loop with a dictionary: cell to best solution, no checks, no statuses.</summary>
/// <typeparam name="TKey">What the plain rendering calls a cell.</typeparam>
internal sealed class ArchiveContest<TKey> : IContest
    where TKey : notnull
{
    private const long Seed = 3;
    private const int Numbers = 10;   // of a solution

    private readonly Func<Archive<double[]>> _create;
    private readonly Func<double[,], int, TKey> _plainCell;
    private readonly Func<TKey, int> _cellOf;
    private readonly List<(double[][] Solutions, double[] Objectives, double[,] Measures)> _batches = [];
    private Archive<double[]>? _ours;
    private Dictionary<TKey, (double Objective, double[] Solution)> _plain = [];

    /// <summary>Initializes a contest.</summary>
    /// <param name="solutions">How many in all.</param>
    /// <param name="batch">How many are offered at a time; 1 is the way without arrays.</param>
    /// <param name="create">Makes our archive.</param>
    /// <param name="measure">Draws a measure.</param>
    /// <param name="plainCell">Finds the plain rendering's cell of a row of measures.</param>
    /// <param name="cellOf">Translates that into our cell.</param>
    public ArchiveContest(
        int solutions, int batch, Func<Archive<double[]>> create, Func<NamedRandom, double> measure, Func<double[,], int, TKey> plainCell, Func<TKey, int> cellOf)
    {
        (_create, _plainCell, _cellOf, Tokens) = (create, plainCell, cellOf, solutions);
        var random = new NamedRandom(Seed, "archive");
        for (var first = 0; first < solutions; first += batch)
        {
            var rows = Math.Min(batch, solutions - first);
            var measures = new double[rows, 2];
            for (var row = 0; row < rows; row++)
            {
                (measures[row, 0], measures[row, 1]) = (measure(random), measure(random));
            }
            var numbers = Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, Numbers).Select(_ => random.NextDouble()).ToArray()).ToArray();
            _batches.Add((numbers, [.. numbers.Select(_ => random.NextGaussian())], measures));
        }
    }

    public long Tokens { get; }

    public double UsefulFlops => 0;

    public void Verify()
    {
        RunOurs();
        RunPlain();
        if (_ours!.Count != _plain.Count || _plain.Any(cell => _ours.Best(_cellOf(cell.Key))?.Solution != cell.Value.Solution))
        {
            throw new InvalidOperationException("The archive and the dictionary do not hold the same solutions.");
        }
    }

    public void RunOurs()
    {
        _ours = _create();
        foreach (var (solutions, objectives, measures) in _batches)
        {
            if (objectives.Length == 1)
            {
                _ours.Add(solutions[0], objectives[0], measures[0, 0], measures[0, 1]);
            }
            else
            {
                _ours.Add(solutions, objectives, measures);
            }
        }
    }

    public void RunPlain()
    {
        _plain = [];
        foreach (var (solutions, objectives, measures) in _batches)
        {
            for (var row = 0; row < objectives.Length; row++)
            {
                var cell = _plainCell(measures, row);
                if (!_plain.TryGetValue(cell, out var best) || objectives[row] > best.Objective)
                {
                    _plain[cell] = (objectives[row], solutions[row]);
                }
            }
        }
    }

    public IReadOnlyList<(string Part, double Seconds)> Profile(StepProfile profile) => [];

    public void Dispose()
    {
    }
}
