using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Rollouts;

/// <summary>A prompt to sample from.</summary>
/// <param name="Id">Unique among the prompts.</param>
/// <param name="Prompt">What is asked, for those who score the samples.</param>
/// <param name="Tokens">What the model reads, at least one token.</param>
public sealed record RolloutPrompt(string Id, Passage Prompt, IReadOnlyList<int> Tokens);
