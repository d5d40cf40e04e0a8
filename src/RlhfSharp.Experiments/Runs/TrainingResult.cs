namespace RlhfSharp.Experiments.Runs;

/// <summary>What came out of an experiment.</summary>
/// <param name="Directory">Its folder.</param>
/// <param name="Report">Its report.</param>
/// <param name="Seconds">How long it took, interruptions not counted.</param>
/// <param name="Summary">Its numbers.</param>
public sealed record TrainingResult(string Directory, string Report, double Seconds, ExperimentSummary Summary);
