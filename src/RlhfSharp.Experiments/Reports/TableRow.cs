namespace RlhfSharp.Experiments.Reports;

/// <summary>A row of a <see cref="TableBlock"/>.</summary>
/// <param name="Label">What the row is about: a method, a setting.</param>
/// <param name="Cells">One per column.</param>
public sealed record TableRow(string Label, IReadOnlyList<TableCell> Cells);
