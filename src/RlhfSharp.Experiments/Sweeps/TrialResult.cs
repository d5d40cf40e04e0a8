namespace RlhfSharp.Experiments.Sweeps;

/// <summary>A trial and what came of it.</summary>
/// <param name="Trial">The trial.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Scores">Its score at the end of each rung that it reached.</param>
/// <param name="Problem">Why it failed; null for others.</param>
public sealed record TrialResult(SweepTrial Trial, TrialStatus Status, IReadOnlyList<TrialScore> Scores, string? Problem)
{
    /// <summary>Gets the last score; null where there is none.</summary>
    public TrialScore? Last => Scores.Count > 0 ? Scores[^1] : null;

    /// <summary>Puts results in order: those that were trained further first, then by score; failed ones come last.</summary>
    internal static IReadOnlyList<TrialResult> Ranked(IEnumerable<TrialResult> results, SweepGoal goal) =>
    [
        .. results
            .OrderBy(result => result.Status == TrialStatus.Failed)
            .ThenByDescending(result => result.Scores.Count)
            .ThenBy(result => result.Last, Comparer<TrialScore?>.Create((first, second) => first is null || second is null ? 0 : TrialScore.Compare(first, second, goal)))
            .ThenBy(result => result.Trial.Index),
    ];
}
