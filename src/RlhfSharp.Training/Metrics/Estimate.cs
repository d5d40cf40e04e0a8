namespace RlhfSharp.Training.Metrics;

/// <summary>A measured number with how sure we are of it.</summary>
/// <param name="Value">What was measured.</param>
/// <param name="Interval">Its 95% interval; null where there is too little data for one, for instance a single seed.</param>
public readonly record struct Estimate(double Value, Interval? Interval = null);
