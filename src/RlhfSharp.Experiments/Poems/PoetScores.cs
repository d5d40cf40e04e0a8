using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Poems;

/// <summary>What a model's poems were judged to be.</summary>
/// <param name="Scores">Shares by name, with their intervals, in the order in which they are shown.</param>
/// <param name="Poems">The poems.</param>
public sealed record PoetScores(IReadOnlyDictionary<string, Estimate> Scores, IReadOnlyList<RequestedPoem> Poems);
