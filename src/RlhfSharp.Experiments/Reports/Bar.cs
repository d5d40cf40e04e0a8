using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Reports;

/// <summary>A bar of a <see cref="BarsBlock"/>.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="Value">How long it is, and its interval.</param>
public sealed record Bar(string Label, Estimate Value);
