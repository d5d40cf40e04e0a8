using RlhfSharp.QualityDiversity.HeatMaps;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What came out of <c>rlhf map</c>.</summary>
/// <param name="Directory">The run's folder.</param>
/// <param name="Report">Its report.</param>
/// <param name="Picture">The map as SVG, of the first seed; null where there are more than two axes.</param>
/// <param name="Seconds">How long it took, interruptions not counted.</param>
/// <param name="Notes">What a reader must know to read the numbers right.</param>
/// <param name="Conclusions">What can be said about the labels of each axis, and with the length of texts held equal.</param>
/// <param name="Metrics">Means over seeds by name, each seed's own under <c>name#seed</c>.</param>
/// <param name="Intervals">95% intervals by those names, where there is one.</param>
public sealed record MapResult(
    string Directory,
    string Report,
    string? Picture,
    double Seconds,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Conclusions,
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, Interval> Intervals)
{
    /// <summary>Gets the maps of the first seed, on one scale: lower bounds, means, expected best, and lower bounds without flagged texts. None where there are more than two axes.</summary>
    public IReadOnlyList<HeatMap> Maps { get; init; } = [];
}
