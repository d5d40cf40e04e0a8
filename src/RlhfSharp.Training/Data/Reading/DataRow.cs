using System.Text.Json.Nodes;

namespace RlhfSharp.Training.Data;

/// <summary>A row of a data file as it stands there.</summary>
/// <param name="Values">Column names and values; a column that is null in the file may be null or missing here.</param>
/// <param name="Source">Where it stands.</param>
public sealed record DataRow(JsonObject Values, RowSource Source);
