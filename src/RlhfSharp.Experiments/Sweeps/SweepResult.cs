namespace RlhfSharp.Experiments.Sweeps;

/// <summary>What came out of a sweep.</summary>
/// <param name="Directory">Its folder.</param>
/// <param name="Report">Its report.</param>
/// <param name="Seconds">How long it took, interruptions not counted.</param>
/// <param name="Sweep">What was searched for.</param>
/// <param name="Trials">What became of each trial, best first.</param>
/// <param name="Best">The best trial that was trained to its end.</param>
public sealed record SweepResult(string Directory, string Report, double Seconds, SweepOptions Sweep, IReadOnlyList<TrialResult> Trials, TrialResult Best)
{
    /// <summary>Counts the trials with a status.</summary>
    /// <param name="status">The status.</param>
    public int Count(TrialStatus status) => Trials.Count(trial => trial.Status == status);
}
