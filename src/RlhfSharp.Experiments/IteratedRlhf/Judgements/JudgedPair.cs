namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Two answers to a dialogue, of which one was judged better.</summary>
/// <param name="Chosen">The better one.</param>
/// <param name="Rejected">The other.</param>
/// <param name="ChosenScore">What the judgement gives the better one.</param>
/// <param name="RejectedScore">What it gives the other.</param>
internal sealed record JudgedPair(string Chosen, string Rejected, double ChosenScore, double RejectedScore);
