namespace RlhfSharp.Training.Loop;

/// <summary>What is known after an optimiser step.</summary>
/// <param name="Step">The number of updates so far.</param>
/// <param name="Epoch">Passes over the data so far.</param>
/// <param name="Tokens">Real tokens of the step.</param>
/// <param name="Metrics">Metrics in TRL's and trlX's names; null where the step is not logged.</param>
public sealed record StepReport(int Step, double Epoch, long Tokens, IReadOnlyDictionary<string, double>? Metrics);
