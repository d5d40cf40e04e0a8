using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>By how much more one reward model favours a group of texts than another one does.</summary>
/// <param name="Labels">The labels that make the group: one per axis for a cell, one for all texts of a label.</param>
/// <param name="Count">How many texts.</param>
/// <param name="Mean">The mean difference of ranks, from −1 to 1; null where there is no text.</param>
/// <param name="Interval">95%, of this difference by itself; null where there are too few independent texts for one.</param>
/// <param name="IsSeparated">Whether the difference holds together with those of all other groups: Holm's procedure at 5%.</param>
internal sealed record PairedDifference(IReadOnlyList<string> Labels, int Count, double? Mean, Interval? Interval, bool IsSeparated);
