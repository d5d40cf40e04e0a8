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
    private (int Epoch, List<int[]> Steps) _current = (-1, []);

    /// <summary>Initializes a plan.</summary>
    /// <param name="rowLengths">The number of tokens of each row.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <param name="seed">The run's seed.</param>
    public BatchPlan(IReadOnlyList<int> rowLengths, LoopOptions options, long seed)
    {
        (_rowLengths, _options, _seed) = (rowLengths, options, seed);
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
    /// <returns>Row indices of each forward pass, rows in order of length; every pass keeps to the token budget unless a single row
    /// exceeds it.</returns>
    public IReadOnlyList<int[]> MicroBatches(int step)
    {
        var epoch = (step - 1) / StepsPerEpoch;
        if (_current.Epoch != epoch)
        {
            _current = (epoch, Plan(epoch));
        }
        return TokenBudget.Cut(_current.Steps[(step - 1) % StepsPerEpoch], _rowLengths, _options.TokensPerMicroBatch);
    }

    private List<int[]> Plan(int epoch)
    {
        var random = new NamedRandom(_seed, "shuffle", epoch);
        var rows = Enumerable.Range(0, _rowLengths.Count).ToArray();
        if (_options.Order != RowOrder.AsGiven)
        {
            random.Shuffle(rows.AsSpan());
        }
        if (_options.Order != RowOrder.LengthBuckets)
        {
            return [.. rows.Chunk(_options.RowsPerStep)];
        }
        var steps = rows
            .Chunk(_options.RowsPerStep * StepsPerPool)
            .SelectMany(pool => pool.OrderBy(row => _rowLengths[row]).Chunk(_options.RowsPerStep))
            .ToArray();
        random.Shuffle(steps.AsSpan());
        return [.. steps];
    }
}
