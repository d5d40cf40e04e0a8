namespace RlhfSharp.Experiments.Reports;

/// <summary>What a run found out, for people: blocks of text, tables, curves and samples from top to bottom.</summary>
/// <param name="Title">The headline.</param>
/// <param name="Subtitle">One sentence below it: what was done, on what; empty for none.</param>
/// <param name="Blocks">The contents, in reading order.</param>
public sealed record Report(string Title, string Subtitle, IReadOnlyList<IReportBlock> Blocks);
