using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>How much more a label is rewarded than another one of its axis, all other axes equal.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="First">A label.</param>
/// <param name="Second">Another label.</param>
/// <param name="Difference">Mean reward of the first minus that of the second.</param>
/// <param name="Interval">95%, of this difference by itself.</param>
/// <param name="IsSeparated">Whether the difference holds together with all others of the axis: Holm's procedure at 5%.</param>
internal sealed record MapContrast(string Axis, string First, string Second, double Difference, Interval Interval, bool IsSeparated);
