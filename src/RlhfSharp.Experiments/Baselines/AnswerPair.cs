namespace RlhfSharp.Experiments.Baselines;

/// <summary>The texts of two answers to one prompt.</summary>
/// <param name="Chosen">The one that people preferred.</param>
/// <param name="Rejected">The other.</param>
internal sealed record AnswerPair(string Chosen, string Rejected);
