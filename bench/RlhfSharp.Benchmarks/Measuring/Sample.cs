namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>One timed run.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Others">The share of the machine that other processes used meanwhile, 0 to 1.</param>
internal readonly record struct Sample(double Seconds, double Others)
{
    // Counters tick 100 times a second: below this share they say nothing.
    private const double QuietLimit = 0.1;

    /// <summary>Gets whether the machine had time for nothing but this.</summary>
    public bool IsQuiet => Others <= QuietLimit;
}
