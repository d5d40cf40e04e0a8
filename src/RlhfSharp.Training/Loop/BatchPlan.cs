using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Loop;

/// <summary>Which rows each optimiser step takes. A pass depends on the seed and its number only, so resuming needs no more than the step.</summary>
public sealed class BatchPlan
{
    // Buckets are drawn from this many steps' worth of shuffled rows: enough for like lengths to meet, few enough to stay random.
    private const int StepsPerPool = 50;

    private readonly IReadOnlyList<int> _rowLengths;
    private readonly LoopOptions _options;
    private readonly long _seed;
    private readonly int _rowsPerGroup;
    private (int Epoch, List<int[]> Steps) _current = (-1, []);

    /// <summary>Initializes a plan.</summary>
    /// <param name="rowLengths">The number of tokens of each row.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="rowsPerGroup">How many rows that follow each other stay together, as far as steps and forward passes have room for them.</param>
    public BatchPlan(IReadOnlyList<int> rowLengths, LoopOptions options, long seed, int rowsPerGroup = 1)
    {
        (_rowLengths, _options, _seed, _rowsPerGroup) = (rowLengths, options, seed, rowsPerGroup);
        StepsPerEpoch = (rowLengths.Count + options.RowsPerStep - 1) / options.RowsPerStep;
        TotalSteps = options.Epochs == 0 ? options.MaxSteps : (int)Math.Min(options.MaxSteps, (long)options.Epochs * StepsPerEpoch);
    }

    /// <summary>Gets the number of steps of a pass over the data.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Gets the number of steps of the run.</summary>
    public int TotalSteps { get; }

    /// <summary>Says whether a step is the last of a pass over the data.</summary>
    /// <param name="step">From 1.</param>
    /// <returns>Whether it is.</returns>
    public bool EndsPass(int step) => step % StepsPerEpoch == 0;

    /// <summary>Gets the rows of a step, cut into forward passes.</summary>
    /// <param name="step">From 1.</param>
    /// <returns>Row indices of each forward pass, rows (or groups of them) in order of length; every pass keeps to the token budget unless a single row
    /// exceeds it.</returns>
    public IReadOnlyList<int[]> MicroBatches(int step)
    {
        var epoch = (step - 1) / StepsPerEpoch;
        if (_current.Epoch != epoch)
        {
            _current = (epoch, Plan(epoch));
        }
        // A group that is too long for a pass is no group.
        List<int[]> groups =
        [
            .. _current.Steps[(step - 1) % StepsPerEpoch]
                .GroupBy(row => row / _rowsPerGroup)
                .SelectMany(group => group.Sum(row => (long)_rowLengths[row]) <= _options.TokensPerMicroBatch ? [[.. group]] : group.Chunk(1)),
        ];
        return
        [
            .. TokenBudget.Cut([.. groups.Select(group => group.Sum(row => _rowLengths[row]))], _options.TokensPerMicroBatch)
                .Select(batch => batch.SelectMany(group => groups[group]).ToArray()),
        ];
    }

    private List<int[]> Plan(int epoch)
    {
        var random = new NamedRandom(_seed, "shuffle", epoch);
        var groups = Enumerable.Range(0, _rowLengths.Count).Chunk(_rowsPerGroup).ToArray();
        if (_options.Order != RowOrder.AsGiven)
        {
            random.Shuffle(groups.AsSpan());
        }
        if (_options.Order != RowOrder.LengthBuckets)
        {
            return [.. groups.SelectMany(group => group).Chunk(_options.RowsPerStep)];
        }
        var steps = groups
            .Chunk(Math.Max(1, _options.RowsPerStep / _rowsPerGroup) * StepsPerPool)
            .SelectMany(pool => pool.OrderBy(group => group.Sum(row => _rowLengths[row])).SelectMany(group => group).Chunk(_options.RowsPerStep))
            .ToArray();
        random.Shuffle(steps.AsSpan());
        return [.. steps];
    }
}
