using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

public sealed class BestOfNPhaseTests
{
    private const int Samples = 6;

    [Fact]   // proxies 0, 1, 2, … 11 in a mixed order; gold is 10 less the proxy, so the best of more looks better and is worse
    public void Run_ProxyAndGoldDisagree_MeasuresEachSizeByTheFormulas()
    {
        using var folder = TestFiles.NewFolder();
        using (var run = RunDirectory.Open(folder.Path))
        {
            new RolloutLog(run.Rollouts).Append([.. Answers("a"), .. Answers("b")]);
            var measures = new IterationMeasures(
                new Dictionary<string, string> { ["a"] = "one", ["b"] = "two" }, [.. new[] { "a", "a", "b", "b" }.Select(prompt => Answer(prompt, 0, 0, gold: 3))], new Scale(0, 1));
            using var phase = new BestOfNPhase(run, Samples, 2, IterationMeasures.Proxy, measures, []);
            phase.RunUnit(0, CancellationToken.None);
        }

        var lines = MetricLog.Read(folder.Path);

        Assert.Equal([1, 2, 4, 6], lines.Select(line => (int)line["step"]!));
        // The highest of n different ranks of 12, on average: n·13/(n + 1), counted from 1.
        Assert.All(lines, line => Assert.Equal((int)line["step"]! * 13.0 / ((int)line["step"]! + 1) - 1, (double)line["proxy/mean"]!, 1e-9));
        Assert.All(lines, line => Assert.Equal(10 - (double)line["proxy/mean"]!, (double)line["gold/mean"]!, 1e-9));
        Assert.All(lines, line => Assert.Equal(BestOfN.Divergence((int)line["step"]!), (double)line["kl"]!, 1e-12));
        Assert.All(lines, line => Assert.False(line.ContainsKey("entropy")));
        Assert.Equal(-1, (double)lines[^1]["rank_correlation"]!, 1e-9);
        Assert.Equal(0, (double)lines[^1]["win_rate"]!);   // the best of each half have gold 10 − 11 and 10 − 9 or so: below 3
    }

    [Fact]
    public void Choose_EquallyGoodAnswers_TakesTheFirstOfEachHalf()
    {
        var drawn = new[] { 1.0, 3, 3, 2, 0, 2 }.Select((proxy, sample) => Answer("a", sample, proxy, gold: sample)).ToList();

        var chosen = BestAnswers.Choose(drawn, 3, IterationMeasures.Proxy);

        Assert.Equal([1.0, 3.0], chosen.Select(answer => answer.Rewards[GoldLabels.Gold]));
        Assert.Equal([0, 1], chosen.Select(answer => answer.Sample));
    }

    private static IEnumerable<Rollout> Answers(string prompt) => Enumerable.Range(0, 2 * Samples).Select(sample => Answer(prompt, sample, sample * 5 % 12, 10 - sample * 5 % 12));

    private static Rollout Answer(string prompt, int sample, double proxy, double gold) => new()
    {
        Round = 0,
        Prompt = prompt,
        Sample = sample,
        PromptText = prompt,
        PromptTokens = [1],
        Tokens = [2],
        Text = $"answer {sample}",
        IsTruncated = false,
        LogProbs = [-1],
        ReferenceLogProbs = [-1],
        Rewards = new OrderedDictionary<string, double> { [GoldLabels.Gold] = gold, [IterationMeasures.Proxy] = proxy },
        Reward = gold,
    };
}
