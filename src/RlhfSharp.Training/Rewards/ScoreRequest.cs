using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Rewards;

/// <summary>An answer to be scored.</summary>
/// <param name="Id">Names it in errors and records; unique among the requests of a call.</param>
/// <param name="Prompt">What it answers; null where the text stands alone.</param>
/// <param name="Completion">The answer, of the same form as the prompt: a text, or turns.</param>
public sealed record ScoreRequest(string Id, Passage? Prompt, Passage Completion);
