using System.Text.Json.Nodes;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Measures a policy on the held-out prompts: what gold and proxy say, and how far it has gone from the start. The same random numbers each time, so that
/// differences are the policy's.</summary>
/// <param name="sampler">Draws answers, scores them by gold and proxy, and reads them with the start.</param>
/// <param name="prompts">The held-out prompts.</param>
/// <param name="groups">What each is about.</param>
/// <param name="start">The start's answers to them.</param>
/// <param name="goldScale">Of gold on answers of the start.</param>
/// <param name="options">Length.</param>
internal sealed class IterationEvaluation(
    RolloutSampler sampler, IReadOnlyList<RolloutPrompt> prompts, IReadOnlyDictionary<string, string> groups, IReadOnlyList<Rollout> start, Scale goldScale, OnPolicyOptions options) : IEvaluation
{
    /// <summary>The name of the proxy's score in a sample's rewards.</summary>
    public const string Proxy = "proxy";

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        var rollouts = sampler.Draw(0, prompts, 2, options, cancellationToken);
        double Gold(Rollout rollout) => goldScale.Apply(rollout.Rewards[GoldLabels.Gold]);
        var pairs = rollouts.Chunk(2).ToList();
        var lines = pairs.Select(pair => new JsonObject
        {
            ["step"] = step,
            ["prompt"] = pair[0].Prompt,
            ["group"] = groups[pair[0].Prompt],
            ["gold"] = pair.Average(Gold),
            ["proxy"] = pair.Average(rollout => rollout.Rewards[Proxy]),
            ["kl"] = pair.Average(rollout => rollout.LogRatio()),
            ["text"] = pair[0].Text.Trim(),
        }).ToList();
        double Mean(string name) => lines.Average(line => (double)line[name]!);
        var decided = pairs.Where(pair => Gold(pair[0]) != Gold(pair[1])).ToList();
        var startGold = start.Chunk(2).Select(pair => pair.Average(Gold)).ToList();
        var metrics = new OrderedDictionary<string, double>
        {
            ["gold/mean"] = Mean("gold"),
            ["proxy/mean"] = Mean("proxy"),
            ["gap"] = Mean("proxy") - Mean("gold"),
            ["rank_correlation"] = RankCorrelation.Of([.. rollouts.Select(Gold)], [.. rollouts.Select(rollout => rollout.Rewards[Proxy])]),
            ["proxy/accuracy"] = decided.Count == 0 ? 0.5 : decided.Average(pair => Agreement(pair, Gold)),
            ["win_rate"] = lines.Zip(startGold, (line, before) => 0.5 + 0.5 * Math.Sign((double)line["gold"]! - before)).Average(),
            ["kl"] = Mean("kl"),
            ["length"] = rollouts.Average(rollout => rollout.Tokens.Length),
            ["entropy"] = rollouts.Average(rollout => -rollout.LogProbs.Sum(logProb => (double)logProb)),
            ["distinct_2"] = DistinctPairs.Of(rollouts.Select(rollout => rollout.Text)),
            ["clipped_ratio"] = rollouts.Average(rollout => rollout.IsTruncated ? 1.0 : 0),
        };
        return new EvaluationResult(metrics, lines, new Dictionary<string, IReadOnlyList<Observation>>());
    }

    private static double Agreement(Rollout[] pair, Func<Rollout, double> gold)
    {
        var proxy = Math.Sign(pair[0].Rewards[Proxy] - pair[1].Rewards[Proxy]);
        return 0.5 + 0.5 * proxy * Math.Sign(gold(pair[0]) - gold(pair[1]));
    }
}
