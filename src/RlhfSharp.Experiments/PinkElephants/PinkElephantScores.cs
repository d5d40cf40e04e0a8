using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>How a model did on the pink-elephant task.</summary>
/// <param name="Scores">By name, with intervals.</param>
/// <param name="Answers">In the order of the dialogues.</param>
public sealed record PinkElephantScores(IReadOnlyDictionary<string, Estimate> Scores, IReadOnlyList<AnsweredDialogue> Answers);
