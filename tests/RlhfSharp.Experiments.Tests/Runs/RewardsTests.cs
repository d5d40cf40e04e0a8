using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Tests.Runs;

public sealed class RewardsTests
{
    // Rewards 1 and −1 have mean 0 and unbiased deviation √2: standardised they are ±1/√2.
    [Fact]
    public void Judge_OtherRewards_LieWhereTheDataPutThem()
    {
        var row = Row(1) with { Tokens = [1, 2, 3, 4], IsAnswer = [false, true, true, true], Rewards = [0, 0, 1, 0], RewardedTokens = [2] };

        var judged = Assert.Single(Rewards.Judge([row], [0.25]));

        Assert.Equal([0, 0, 0.25, 0], judged.Rewards!);
        Assert.Equal([2], judged.RewardedTokens);
    }

    [Theory]
    [InlineData(true, 1, 0.70710678118654752)]
    [InlineData(true, 5, 3.5355339059327378)]
    [InlineData(false, 5, 5)]
    public void Prepare_Ilql_StandardisesThenScales(bool standardize, double scale, double expected)
    {
        var rows = Rewards.Prepare([Row(1), Row(-1)], new IlqlOptions { StandardizeRewards = standardize, RewardScale = scale });

        Assert.Equal([0, expected, 0, -expected], rows.SelectMany(row => row.Rewards!).Select(reward => Math.Round(reward, 12)), (one, other) => Math.Abs(one - other) < 1e-9);
    }

    private static TokenizedDialogue Row(double reward) => new()
    {
        Id = $"{reward}",
        Group = "g",
        Source = new RowSource("f", 1),
        Tokens = [1, 2],
        IsAnswer = [false, true],
        Rewards = [0, reward],
        RewardedTokens = [1],
    };
}
