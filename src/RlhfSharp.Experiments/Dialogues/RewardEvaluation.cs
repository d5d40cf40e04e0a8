using System.Text.Json.Nodes;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Dialogues;

/// <summary>Answers held-out prompts, with the same random numbers each time, and says what the rewards think of it, how that differs from what they thought of the start's answers, and
/// how far the policy has gone from the start.</summary>
internal sealed class RewardEvaluation : IEvaluation, IDisposable
{
    private readonly RolloutSampler _sampler;
    private readonly IReadOnlyList<RolloutPrompt> _prompts;
    private readonly IReadOnlyDictionary<string, string> _groups;
    private readonly RewardEvaluationOptions _options;
    private readonly OnPolicyOptions _objective;
    private readonly IReadOnlyList<Rollout> _start;

    /// <summary>Initializes the evaluation; the start answers at once.</summary>
    /// <param name="sampler">Draws and scores the policy's answers, which is as training starts now; the evaluation takes ownership.</param>
    /// <param name="prompts">The held-out prompts.</param>
    /// <param name="groups">By prompt, what it shares with others that are not independent of it.</param>
    /// <param name="options">How many answers.</param>
    /// <param name="objective">Temperature and length.</param>
    public RewardEvaluation(
        RolloutSampler sampler,
        IReadOnlyList<RolloutPrompt> prompts,
        IReadOnlyDictionary<string, string> groups,
        RewardEvaluationOptions options,
        OnPolicyOptions objective)
    {
        (_sampler, _prompts, _groups, _options, _objective) = (sampler, prompts, groups, options, objective);
        _start = Draw(CancellationToken.None);
    }

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        var rollouts = Draw(cancellationToken);
        var metrics = new OrderedDictionary<string, double>
        {
            ["eval_reward"] = rollouts.Average(rollout => rollout.Reward),
            ["eval_reward_gain"] = rollouts.Zip(_start, (now, before) => now.Reward - before.Reward).Average(),
            ["eval_win_rate"] = rollouts.Zip(_start, Win).Average(),
            ["eval_kl"] = rollouts.Average(rollout => rollout.LogRatio()),
            ["eval_length"] = rollouts.Average(rollout => rollout.Tokens.Length),
            ["eval_clipped_ratio"] = rollouts.Average(rollout => rollout.IsTruncated ? 1.0 : 0),
            ["eval_distinct_2"] = DistinctPairs.Of(rollouts.Select(rollout => rollout.Text)),
        };
        foreach (var name in rollouts[0].Rewards.Keys)
        {
            metrics[$"eval_rewards/{name}"] = rollouts.Average(rollout => rollout.Rewards[name]);
        }
        IReadOnlyList<Observation> Observe(Func<Rollout, Rollout, double> value) =>
            [.. rollouts.Zip(_start, (now, before) => new Observation(_groups[now.Prompt], value(now, before)))];
        var observations = new Dictionary<string, IReadOnlyList<Observation>>();
        if (isLast)
        {
            observations["eval_reward"] = Observe((now, _) => now.Reward);
            observations["eval_reward_gain"] = Observe((now, before) => now.Reward - before.Reward);
            observations["eval_win_rate"] = Observe(Win);
            observations["eval_kl"] = Observe((now, _) => now.LogRatio());
        }
        return new EvaluationResult(metrics, [.. rollouts.Zip(_start, (now, before) => Line(step, now, before))], observations);
    }

    public void Dispose() => _sampler.Dispose();

    private IReadOnlyList<Rollout> Draw(CancellationToken cancellationToken) => _sampler.Draw(0, _prompts, _options.SamplesPerPrompt, _objective, cancellationToken);

    private static double Win(Rollout now, Rollout before) => 0.5 + 0.5 * Math.Sign(now.Reward - before.Reward);

    private static JsonObject Line(int step, Rollout now, Rollout before) => new()
    {
        ["step"] = step,
        ["prompt"] = now.PromptText,
        ["text"] = now.Text.Trim(),
        ["reward"] = now.Reward,
        ["start"] = before.Text.Trim(),
        ["start_reward"] = before.Reward,
    };
}
