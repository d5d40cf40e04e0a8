namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A text to be judged.</summary>
/// <param name="Id">A name that stays the same from run to run.</param>
/// <param name="Text">The text.</param>
public sealed record JudgeRequest(string Id, string Text);
