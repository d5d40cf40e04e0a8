namespace RlhfSharp.Training.Metrics;

/// <summary>A 95% interval, both ends included.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end, at least <paramref name="Low"/>.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Says whether a value lies inside; both ends count as inside.</summary>
    /// <param name="value">Any number.</param>
    /// <returns>False also for NaN.</returns>
    public bool Contains(double value) => Low <= value && value <= High;
}
