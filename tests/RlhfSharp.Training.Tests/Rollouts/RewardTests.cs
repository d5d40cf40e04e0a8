using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Training.Tests.Rollouts;

public sealed class RewardTests
{
    private static readonly IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> Samples =
        [.. new[] { "a", "bb", "ccc" }.Select((text, i) => (new RolloutPrompt($"p{i}", new Passage("ask"), [0]), new GeneratedSample(i, 0, [0], [0], [0], FinishReason.Stop, text)))];

    [Fact]   // 2·length of 1, 2, 3 less a standardised length of −√1.5, 0, √1.5 that is cut to ±1
    public void Score_TwoParts_WeighsStandardisesAndClips()
    {
        using var reward = new WeightedReward([Part("length", 2), Part("relative", -1, isStandardized: true, clip: 1)]);

        var scores = reward.Score(Samples, CancellationToken.None);

        Assert.Equal([2 + 1, 4, 6 - 1], scores.Select(score => score.Total));
        Assert.Equal([1, 2, 3], scores.Select(score => score.Parts["length"]));
        Assert.Equal([1, 2, 3], scores.Select(score => score.Parts["relative"]));   // as they came
    }

    [Fact]   // all alike: no deviation to divide by
    public void Score_StandardisedConstant_IsZero()
    {
        using var reward = new WeightedReward([new RewardPart("one", 1, true, null, new TextReward(_ => 7))]);

        Assert.All(reward.Score(Samples, CancellationToken.None), score => Assert.Equal(0, score.Total));
    }

    [Theory]
    [InlineData(EnsembleCombination.Mean, 2)]
    [InlineData(EnsembleCombination.WorstCase, 0)]
    [InlineData(EnsembleCombination.UncertaintyWeighted, 2 - 0.5 * 8.0 / 3)]   // the variance of 0, 2, 4 is 8/3
    public void Combine_ThreeScores(EnsembleCombination combination, double expected) => Assert.Equal(expected, EnsembleScore.Combine([0, 2, 4], combination, 0.5), 1e-12);

    [Fact]
    public void Score_Ensemble_AsksEachForPromptAndAnswer()
    {
        using var reward = new ScorerReward([new FakeScorer(1), new FakeScorer(3)], EnsembleCombination.Mean, 0);

        Assert.Equal([2 * "ask a".Length - 2.0, 2 * "ask bb".Length - 2, 2 * "ask ccc".Length - 2], reward.Score(Samples, CancellationToken.None));
    }

    private static RewardPart Part(string name, double weight, bool isStandardized = false, double? clip = null) => new(name, weight, isStandardized, clip, new TextReward(text => text.Length));

    private sealed class TextReward(Func<string, double> score) : IRolloutReward
    {
        public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken) =>
            [.. samples.Select(sample => score(sample.Sample.Text))];

        public void Dispose()
        {
        }
    }

    // So many times the number of characters of prompt and answer.
    private sealed class FakeScorer(double factor) : IScorer
    {
        public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
        {
            if (requests.DistinctBy(request => request.Id).Count() != requests.Count)
            {
                throw new InputException("ids must differ");
            }
            return Task.FromResult<IReadOnlyList<double>>([.. requests.Select(request => factor * (request.Prompt!.Text.Length + request.Completion.Text.Length))]);
        }

        public void Dispose()
        {
        }
    }
}
