using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Tests.Data;

public class RewardStandardizerTests
{
    [Fact]
    public void Standardize_RewardsOfSeveralTurns_AreScoredTogether()
    {
        // Rewards 1, 0 and 5: mean 2, squared distances 1 + 4 + 9 = 14, divided by n − 1 = 2: deviation √7. A given 0 counts, tokens without do not.
        var result = RewardStandardizer.Standardize([Dialogue((2, 1.0), (4, 0.0)), Dialogue((3, 5.0)), Dialogue() with { Rewards = null }]);

        Assert.Equal(2, result.Mean);
        Assert.Equal(Math.Sqrt(7), result.Deviation!.Value, 1e-15);
        Assert.Equal([0, 0, -1 / Math.Sqrt(7), 0, -2 / Math.Sqrt(7)], result.Dialogues[0].Rewards!, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([0, 0, 0, 3 / Math.Sqrt(7), 0], result.Dialogues[1].Rewards!, (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal([2, 4], result.Dialogues[0].RewardedTokens);
        Assert.Null(result.Dialogues[2].Rewards);
    }

    [Fact]
    public void Standardize_OneReward_IsCentredOnly()
    {
        var result = RewardStandardizer.Standardize([Dialogue((2, 3.0))]);

        Assert.Equal(3, result.Mean);
        Assert.Null(result.Deviation);
        Assert.All(result.Dialogues[0].Rewards!, reward => Assert.Equal(0, reward));
    }

    [Fact]
    public void Standardize_LeavesWhatItWasGivenAlone()
    {
        var dialogue = Dialogue((2, 3.0), (3, 4.0));

        RewardStandardizer.Standardize([dialogue]);

        Assert.Equal([0, 0, 3, 4, 0], dialogue.Rewards!);
    }

    [Fact]
    public void Standardize_EqualRewards_SaysSoAndWhatToDo()
    {
        var message = Assert.Throws<InputException>(() => RewardStandardizer.Standardize([Dialogue((2, 0.1)), Dialogue((3, 0.1))])).Message;

        Assert.StartsWith("All 2 rewards are 0.1", message, StringComparison.Ordinal);
        Assert.Contains("standardizeRewards: false", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Standardize_RewardThatIsNotFinite_NamesTheRow(double reward) => Assert.StartsWith(
        $"file:7: the reward of token 3 is {reward}",
        Assert.Throws<InputException>(() => RewardStandardizer.Standardize([Dialogue((2, 1.0)), Dialogue((3, reward))])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Standardize_NoRewards_IsAnError()
    {
        var exception = Assert.Throws<InputException>(() => RewardStandardizer.Standardize([Dialogue()]));

        Assert.Contains("no rewards", exception.Message, StringComparison.Ordinal);
    }

    private static TokenizedDialogue Dialogue(params (int Token, double Reward)[] rewards) => RewardPlacement.At(
        new TokenizedDialogue
        {
            Id = "x", Group = "g", Source = new RowSource("file", 7), Tokens = [1, 2, 3, 4, 5], IsAnswer = [false, true, true, true, true],
        },
        rewards);
}
