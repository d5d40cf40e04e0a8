using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

public sealed class GoldLabelsTests
{
    private const int Count = 4000;

    [Fact]
    public void Preferences_NoNoise_TheHigherGoldIsChosen() =>
        Assert.All(Label(new LabelOptions()), row => Assert.Equal("better", Text(row.Chosen)));

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.5)]
    public void Preferences_Noise_TurnsRoundTheStatedShare(double noise)
    {
        var turned = Label(new LabelOptions { Noise = noise }).Count(row => Text(row.Chosen) == "worse");

        Assert.InRange(turned / (double)Count, noise - 0.025, noise + 0.025);   // three standard errors are 0.024 at one half
    }

    [Fact]   // of a prompt alone: in what company it is labelled makes no difference
    public void Preferences_Noise_DependsOnSeedAndPromptOnly()
    {
        var options = new LabelOptions { Noise = 0.3 };

        Assert.Equal(Label(options).Skip(Count / 2).Select(row => Text(row.Chosen)), Label(options, from: Count / 2).Select(row => Text(row.Chosen)));
        Assert.NotEqual(Label(options).Select(row => Text(row.Chosen)), Label(options, seed: 2).Select(row => Text(row.Chosen)));
    }

    [Fact]   // a lead of one standard deviation at temperature 1: σ(1) = 0.731
    public void Preferences_Temperature_FollowsTheLogisticFunction()
    {
        var right = Label(new LabelOptions { Temperature = 1 }).Count(row => Text(row.Chosen) == "better");

        Assert.InRange(right / (double)Count, 0.731 - 0.022, 0.731 + 0.022);
    }

    [Fact]
    public void Preferences_EqualScoresOrTexts_AreNoPreference()
    {
        List<Rollout> rollouts = [Sample("a", "same", 1), Sample("a", "same", 2), Sample("b", "one", 1), Sample("b", "other", 1)];

        Assert.Empty(GoldLabels.Preferences(rollouts, Prompts("a", "b"), new LabelOptions(), 1, seed: 1));
    }

    // Gold leads by 2 everywhere, and its standard deviation is 2.
    private static IReadOnlyList<PreferenceRow> Label(LabelOptions options, long seed = 1, int from = 0)
    {
        string[] ids = [.. Enumerable.Range(from, Count - from).Select(i => $"p{i}")];
        List<Rollout> rollouts = [.. ids.SelectMany((id, i) => (from + i) % 2 == 0 ? new[] { Sample(id, "better", 3), Sample(id, "worse", 1) } : [Sample(id, "worse", 1), Sample(id, "better", 3)])];
        return GoldLabels.Preferences(rollouts, Prompts(ids), options, goldDeviation: 2, seed);
    }

    private static string Text(Passage answer) => answer.ToPlainText();

    private static Dictionary<string, RolloutPrompt> Prompts(params string[] ids) =>
        ids.ToDictionary(id => id, id => new RolloutPrompt(id, new Passage([new ChatMessage(ChatMessage.User, id)]), [1]));

    private static Rollout Sample(string prompt, string text, double gold) => new()
    {
        Round = 0,
        Prompt = prompt,
        Sample = 0,
        PromptText = prompt,
        PromptTokens = [1],
        Tokens = [2],
        Text = text,
        IsTruncated = false,
        LogProbs = [-1],
        ReferenceLogProbs = [-1],
        Rewards = new OrderedDictionary<string, double> { [GoldLabels.Gold] = gold },
        Reward = gold,
    };
}
