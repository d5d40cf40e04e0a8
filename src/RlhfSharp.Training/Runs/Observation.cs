namespace RlhfSharp.Training.Runs;

/// <summary>One measured value, for intervals.</summary>
/// <param name="Group">What it shares with others that are not independent of it: a prompt, an entity pair.</param>
/// <param name="Value">The value.</param>
public sealed record Observation(string Group, double Value);
