namespace RlhfSharp.Experiments.Reports;

/// <summary>A name and what it is, for instance <c>reward</c> and <c>0.93</c>.</summary>
/// <param name="Name">Short.</param>
/// <param name="Value">Any text.</param>
public sealed record ReportFact(string Name, string Value);
