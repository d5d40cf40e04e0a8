namespace RlhfSharp.QualityDiversity.Scheduling;

/// <summary>How good the solutions of a batch are.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
/// <param name="Objectives">Higher is better, <c>[batch]</c>, in the order of the ask.</param>
/// <param name="Measures">Where they lie, <c>[batch, measures]</c>.</param>
/// <param name="Solutions">The solutions with what the evaluation added to them, <c>[batch]</c>; null to keep those that were asked for.</param>
public sealed record Evaluation<TSolution>(IReadOnlyList<double> Objectives, double[,] Measures, IReadOnlyList<TSolution>? Solutions = null);
