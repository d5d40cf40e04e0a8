using System.Text.Json.Nodes;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Measures a policy by its answers to the held-out prompts, two to each.</summary>
/// <param name="groups">What each prompt is about.</param>
/// <param name="start">The start's answers to them, scored by gold.</param>
/// <param name="goldScale">Of gold on answers of the start.</param>
internal sealed class IterationMeasures(IReadOnlyDictionary<string, string> groups, IReadOnlyList<Rollout> start, Scale goldScale)
{
    /// <summary>The name of the proxy's score in a sample's rewards.</summary>
    public const string Proxy = "proxy";

    private readonly List<double> _startGold = [.. start.Chunk(2).Select(pair => pair.Average(rollout => goldScale.Apply(rollout.Rewards[GoldLabels.Gold])))];

    /// <summary>Gets gold's score of an answer, in units of its standard deviation on answers of the start.</summary>
    public double Gold(Rollout rollout) => goldScale.Apply(rollout.Rewards[GoldLabels.Gold]);

    /// <summary>Measures.</summary>
    /// <param name="step">Updates so far; for the best of n, n.</param>
    /// <param name="pairs">Two answers to each prompt, scored by gold and proxy, in the prompts' order.</param>
    /// <param name="means">What is expected of each prompt: gold, proxy, and the distance from the start in nats.</param>
    /// <param name="entropy">Of the policy, in nats per answer; null where nobody knows it.</param>
    /// <returns>Metrics, and a line per prompt.</returns>
    public EvaluationResult Of(int step, IReadOnlyList<Rollout[]> pairs, IReadOnlyList<(double Gold, double Proxy, double Kl)> means, double? entropy)
    {
        var lines = pairs.Select((pair, prompt) => new JsonObject
        {
            ["step"] = step,
            ["prompt"] = pair[0].Prompt,
            ["group"] = groups[pair[0].Prompt],
            ["gold"] = means[prompt].Gold,
            ["proxy"] = means[prompt].Proxy,
            ["kl"] = means[prompt].Kl,
            ["win"] = 0.5 + 0.5 * Math.Sign(pair.Average(Gold) - _startGold[prompt]),
            ["text"] = pair[0].Text.Trim(),
        }).ToList();
        double Mean(string name) => lines.Average(line => (double)line[name]!);
        var rollouts = pairs.SelectMany(pair => pair).ToList();
        var decided = pairs.Where(pair => Gold(pair[0]) != Gold(pair[1])).ToList();
        var metrics = new OrderedDictionary<string, double>
        {
            ["gold/mean"] = Mean("gold"),
            ["proxy/mean"] = Mean("proxy"),
            ["gap"] = Mean("proxy") - Mean("gold"),
            ["rank_correlation"] = RankCorrelation.Of([.. rollouts.Select(Gold)], [.. rollouts.Select(rollout => rollout.Rewards[Proxy])]),
            ["proxy/accuracy"] = decided.Count == 0 ? 0.5 : decided.Average(Agreement),
            ["win_rate"] = Mean("win"),
            ["kl"] = Mean("kl"),
            ["length"] = rollouts.Average(rollout => rollout.Tokens.Length),
            ["distinct_2"] = DistinctPairs.Of(rollouts.Select(rollout => rollout.Text)),
            ["clipped_ratio"] = rollouts.Average(rollout => rollout.IsTruncated ? 1.0 : 0),
        };
        if (entropy is { } known)
        {
            metrics["entropy"] = known;
        }
        return new EvaluationResult(metrics, lines, new Dictionary<string, IReadOnlyList<Observation>>());
    }

    private double Agreement(Rollout[] pair)
    {
        var proxy = Math.Sign(pair[0].Rewards[Proxy] - pair[1].Rewards[Proxy]);
        return 0.5 + 0.5 * proxy * Math.Sign(Gold(pair[0]) - Gold(pair[1]));
    }
}
