namespace RlhfSharp.Experiments.Runs;

/// <summary>What metrics are called in a report. Their own names stand in <c>metrics.jsonl</c>, in <c>--json</c> and in the documentation.</summary>
internal static class MetricText
{
    private const string Beta = "@beta=";
    private const string Seen = "_seen";

    private static readonly Dictionary<string, string> Titles = new()
    {
        ["accuracy/q"] = "Accuracy of Q",
        ["accuracy/v"] = "Accuracy of the last V",
        ["eval_accuracy"] = "Accuracy of the reward model",
        ["eval_margin"] = "Lead of the chosen answer",
        ["calibration_error"] = "Calibration error",
        ["eval_rewards/accuracies"] = "Accuracy of the policy's implicit reward",
        ["eval_rewards/margins"] = "Lead of the chosen answer, implicit reward",
        ["eval_rewards/chosen"] = "Implicit reward of chosen answers",
        ["eval_rewards/rejected"] = "Implicit reward of rejected answers",
        ["eval_logps/chosen"] = "Log-probability of chosen answers",
        ["eval_logps/rejected"] = "Log-probability of rejected answers",
        ["accuracy"] = "Accuracy on the batch",
        ["margin"] = "Lead on the batch",
        ["rewards/margins"] = "Lead on the batch, implicit reward",
        ["rewards/accuracies"] = "Accuracy on the batch",
        ["difference/reward-minus-shorter"] = "Reward model minus “the shorter answer wins”",
        ["difference/reward-minus-bag-of-words"] = "Reward model minus bag of words",
        ["difference/dpo-minus-shorter"] = "Implicit reward minus “the shorter answer wins”",
        ["difference/dpo-minus-bag-of-words"] = "Implicit reward minus bag of words",
        ["difference/kto-minus-shorter"] = "Implicit reward minus “the shorter answer wins”",
        ["difference/kto-minus-bag-of-words"] = "Implicit reward minus bag of words",
        ["accuracy/shorter"] = "Accuracy of “the shorter answer wins”",
        ["accuracy/bag-of-words"] = "Accuracy of a bag-of-words model",
        ["difference/q-minus-shorter"] = "Q minus “the shorter answer wins”",
        ["difference/q-minus-bag-of-words"] = "Q minus bag of words",
        ["steering/gain"] = "Gain by steering",
        ["diagnostics/q_last_auc"] = "Q at the last token: AUC, good against bad",
        ["diagnostics/v_separated_share"] = "Share of the answer over which V tells good from bad",
        ["mention_rate"] = "Mentions it though told not to",
        ["mention_rate_uninstructed"] = "Mentions it where nothing forbids it",
        ["on_topic"] = "Speaks of what is welcome",
        ["other_entity"] = "Names a third thing",
        ["well_formed"] = "Well-formed answers",
        ["length"] = "Words per answer",
        ["distinct_2"] = "Different pairs of words (distinct-2)",
        ["reward"] = "Label of the answers, +1 or −1, mean",
        ["kl"] = "Divergence from the start, nats per answer",
        ["tokens"] = "Computed, in tokens through the policy",
        ["seconds"] = "Seconds of training",
        ["judge_perplexity_ratio"] = "Perplexity under the judge, relative to good answers",
        ["perplexity_ratio"] = "Perplexity under the start, relative to its own answers",
        ["objective/scores"] = "Reward of the samples of a round",
        ["objective/kl"] = "Divergence from the start",
        ["completions/mean_length"] = "Length of the samples",
        ["val/ratio"] = "Probability ratio to the policy that sampled",
        ["policy/clipfrac_avg"] = "Actions whose ratio is clipped",
        ["rest/kept"] = "Samples that pass the threshold",
        ["losses/loss"] = "Loss",
        ["losses/loss_q"] = "Loss of Q",
        ["losses/loss_v"] = "Loss of V",
        ["target/distance"] = "Distance of the target from Q",
        ["loss"] = "Loss",
        ["eval_loss"] = "Held-out loss",
        ["eval_perplexity"] = "Held-out perplexity",
        ["eval_loss_per_answer"] = "Held-out loss, mean over answers",
    };

    /// <summary>Names a metric for people; one that is not known keeps its name.</summary>
    public static string Title(string name) =>
        BetaOf(name) is not { } beta ? Titles.GetValueOrDefault(name) ?? Staged(name)
        : beta == "0" ? $"{Stem(name)}, not steered"
        : $"{Stem(name)}, steered with β = {beta}";

    /// <summary>Names the unit of a metric, for an axis.</summary>
    public static string Unit(string name) => name.Split(['@', '/'])[0] switch
    {
        _ when name == "diagnostics/v_separated_share" => "share of the answer",
        "validation" => Unit(name["validation/".Length..]),
        "mention_rate" or "mention_rate_uninstructed" or "mention_rate_seen" or "mention_rate_uninstructed_seen" => "share of answers",
        _ when name == "objective/kl" => "nats per sample, k1",
        _ when name == "completions/mean_length" => "tokens",
        _ when name == "val/ratio" => "π / π_old, mean over actions",
        _ when name is "policy/clipfrac_avg" => "share of actions",
        _ when name is "rest/kept" => "share of the round",
        "objective" => "reward",
        "optimality" => "optimality, 1 = the shortest way",
        "steering" => "score steered − score not steered",
        _ when name is "accuracy" or "rewards/accuracies" => "share of the batch",
        "accuracy" or "eval_accuracy" => "share of held-out pairs",
        _ when name == "eval_rewards/accuracies" => "share of held-out pairs",
        "eval_rewards" or "rewards" => "β · (log π − log π_ref)",
        "eval_logps" => "log-probability, summed over an answer",
        "margin" or "eval_margin" => "difference of scores",
        "difference" => "difference of accuracies",
        "diagnostics" => "AUC, 0.5 = chance",
        "losses" => "per answer token",
        "loss" or "eval_loss" => "per answer token, or per pair",
        "target" => "‖target − Q‖ / ‖Q‖",
        _ => name,
    };

    /// <summary>Gets the strength of steering in a metric's name, <c>100</c> for <c>optimality@beta=100</c>; null for other metrics.</summary>
    public static string? BetaOf(string name) =>
        name.IndexOf(Beta, StringComparison.Ordinal) is >= 0 and var at ? name[(at + Beta.Length)..] : null;

    private static string Stem(string name) => name[..name.IndexOf(Beta, StringComparison.Ordinal)] switch
    {
        "optimality" => "Optimality",
        "lengths" => "Length of walks (100: goal not reached)",
        var other when other.EndsWith(Seen, StringComparison.Ordinal) => $"{Titles.GetValueOrDefault(other[..^Seen.Length], other)}, seen pairs",
        var other => Titles.GetValueOrDefault(other, other),
    };

    private static string Staged(string name) => name.Split('/') switch
    {
        ["validation", var metric] when Titles.TryGetValue(metric, out var title) => $"{title}, validation",
        [var metric, "start"] when Titles.TryGetValue(metric, out var title) => $"{title}, start",
        [var metric, "final"] when Titles.TryGetValue(metric, out var title) => $"{title}, after training",
        _ => name,
    };
}
