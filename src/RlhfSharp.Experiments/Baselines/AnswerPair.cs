namespace RlhfSharp.Experiments.Baselines;

/// <summary>The texts of two answers to one prompt.</summary>
/// <param name="Chosen">The better one.</param>
/// <param name="Rejected">The worse one.</param>
public sealed record AnswerPair(string Chosen, string Rejected);
