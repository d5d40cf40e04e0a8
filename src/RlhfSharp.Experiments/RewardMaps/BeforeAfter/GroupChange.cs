using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What became of a group of texts: a cell, all texts of a label, or all.</summary>
/// <param name="Labels">The labels that make the group; none for all texts.</param>
/// <param name="Before">How many texts the first generator wrote that lie there.</param>
/// <param name="After">How many the other one did.</param>
/// <param name="MeanBefore">Their mean reward, over seeds; null without texts.</param>
/// <param name="MeanAfter">The same of the other generator.</param>
/// <param name="Change">Mean after − mean before, over seeds; null where a side has no text.</param>
/// <param name="Interval">95%, of this change by itself; null where there are too few texts for one.</param>
/// <param name="IsSeparated">Whether the change holds together with those of all other groups: Holm's procedure at 5%.</param>
internal sealed record GroupChange(IReadOnlyList<string> Labels, int Before, int After, double? MeanBefore, double? MeanAfter, double? Change, Interval? Interval, bool IsSeparated);
