namespace RlhfSharp.Experiments.Runs;

/// <summary>A fact about the data of an experiment, worth a line in the report.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Value">As text.</param>
/// <param name="Score">For a score that needs no training, to set beside that of the model: its number. Null for other facts.</param>
public sealed record DataFact(string Name, string Value, double? Score = null);
