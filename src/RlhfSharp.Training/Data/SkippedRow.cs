namespace RlhfSharp.Training.Data;

/// <summary>A row that was left out.</summary>
/// <param name="Source">Where it stands.</param>
/// <param name="Reason">Why it cannot be used; never quotes the data, which may be private or offensive.</param>
public sealed record SkippedRow(RowSource Source, string Reason);
