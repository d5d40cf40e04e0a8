namespace RlhfSharp.Experiments.Runs;

/// <summary>Who is compared with people on held-out pairs.</summary>
/// <param name="Metric">Its accuracy.</param>
/// <param name="Name">At the beginning of a sentence.</param>
internal sealed record PreferenceJudge(string Metric, string Name)
{
    private static readonly PreferenceJudge[] All =
    [
        new("accuracy/q", "Q"), new("eval_accuracy", "The reward model"), new("eval_rewards/accuracies", "The policy's implicit reward"),
    ];

    /// <summary>Finds the judge that an experiment trained; null where it trained none.</summary>
    public static PreferenceJudge? Of(ExperimentSummary summary) => Array.Find(All, judge => summary.Metrics.ContainsKey(judge.Metric));
}
