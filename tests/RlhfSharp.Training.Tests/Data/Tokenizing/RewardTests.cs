using System.Text;
using CsCheck;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using static RlhfSharp.Training.Tests.Data.Tokenizing.TokenizerCase;

namespace RlhfSharp.Training.Tests.Data.Tokenizing;

public class RewardTests
{
    [Fact]
    public void Reward_OfAWholeDialogue_ComesWithTheLastToken()
    {
        var dialogue = Single(new RewardedRow("x", Source, Text("ab"), Text("cd")) { Reward = 0.5 });

        Assert.Equal([0, 0, 0, 0, 0.5], dialogue.Rewards!);
        Assert.Equal([4], dialogue.RewardedTokens);
    }

    [Fact]
    public void Reward_OfZero_IsStillAReward()
    {
        var dialogue = Single(new RewardedRow("x", Source, Text("ab"), Text("cd")) { Reward = 0 });

        Assert.Equal([4], dialogue.RewardedTokens);
    }

    [Fact]
    public void TurnRewards_ComeWithTheLastTokenOfTheirTurns()
    {
        var row = new RewardedRow("x", Source, null, Turns("u:a", "a:bb", "u:c", "a:dd", "u:e", "a:f")) { TurnRewards = [1, null, 3] };

        // U:aA:bb is tokens 0 to 6, U:cA:dd is 7 to 13, U:eA:f$ is 14 to 20.
        var dialogue = Single(row);
        Assert.Equal("U:aA:[bb]U:cA:[dd]U:eA:[f$]", Show(dialogue));
        Assert.Equal([6, 20], dialogue.RewardedTokens);
        Assert.Equal((1, 3), (dialogue.Rewards![6], dialogue.Rewards[20]));
        Assert.Equal(4, dialogue.Rewards.Sum());
    }

    [Theory]
    [InlineData(20, false, new[] { 6, 13 })]
    [InlineData(20, true, new[] { 7, 14 })]
    [InlineData(7, false, new[] { 6 })]
    public void TurnRewards_OfTurnsThatWereCutOff_AreGone(int maxTokens, bool addBos, int[] expected)
    {
        var row = new RewardedRow("x", Source, null, Turns("u:a", "a:bb", "u:c", "a:dd", "u:e", "a:f")) { TurnRewards = [1, 2, 3] };

        var dialogue = Create(maxTokens, OnTooLong.TruncateLeft, addBos).TokenizeDialogues([row])[0];

        Assert.Equal(expected, dialogue.RewardedTokens);
        Assert.Equal(new double[] { 2, 3 }.TakeLast(expected.Length), expected.Select(token => dialogue.Rewards![token]));
        Assert.All(expected, token => Assert.True(dialogue.IsAnswer[token]));
    }

    [Fact]
    public void TurnRewards_AllCutOff_AreABadRow()
    {
        var row = new RewardedRow("x", Source, null, Turns("u:a", "a:bb", "u:c", "a:dd")) { TurnRewards = [1, null] };

        Assert.Contains(
            "loses all its rewards to truncation",
            Assert.Throws<InputException>(() => Create(10, OnTooLong.TruncateLeft).TokenizeDialogues([row])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TokenRewards_OfOneToken_AddUp()
    {
        // The tokens of "abcdefg" are abc, def, g.
        var row = new RewardedRow("x", Source, Text("pqr"), Text("abcdefg")) { TokenRewards = [new(5, 1), new(3, 2), new(6, -1)] };

        var dialogue = Create(tokenizer: new ChunkTokenizer()).TokenizeDialogues([row])[0];

        Assert.Equal([0, 0, 3, -1, 0], dialogue.Rewards!);
        Assert.Equal([2, 3], dialogue.RewardedTokens);
    }

    [Fact]
    public void TokenRewards_OfATurn_CountFromItsContent()
    {
        var row = new RewardedRow("x", Source, Turns("u:a"), Turns("a:bcd")) { TokenRewards = [new(1, 2)] };

        Assert.Equal([0, 0, 0, 0, 0, 0, 2, 0, 0], Single(row).Rewards!);
    }

    [Fact]
    public void TokenRewards_AnyText_GoToTheTokenWithTheCharactersLastByte()
    {
        string[] characters = ["a", "b", "é", "漢", "😀", " "];
        var text = Gen.Int[0, characters.Length - 1].Select(i => characters[i]).Array[1, 12].Select(string.Concat);

        Gen.Select(text, Gen.Int[0, 1000]).Sample(
            (completion, place) =>
            {
                var at = place % completion.Length;
                var characterEnd = char.IsHighSurrogate(completion[at]) ? at + 2 : at + 1;
                var expected = 1 + (Encoding.UTF8.GetByteCount(completion[..characterEnd]) - 1) / 3; // after one token of prompt

                var row = new RewardedRow("x", Source, Text("p"), Text(completion)) { TokenRewards = [new(at, 1)] };

                Assert.Equal([expected], Create(tokenizer: new ChunkTokenizer()).TokenizeDialogues([row])[0].RewardedTokens);
            },
            iter: 1000, threads: 1);
    }

    [Fact]
    public void Pair_ToRewarded_GivesPlusAndMinusOneAtTheEnd()
    {
        var row = Preference(Text("a"), Text("b"), Text("cd"));

        var rewarded = Create().TokenizePairs([row])[0].ToRewarded();

        Assert.Equal([0, 0, 1], rewarded[0].Rewards!);
        Assert.Equal([0, 0, 0, -1], rewarded[1].Rewards!);
        Assert.Equal([3], rewarded[1].RewardedTokens);
        Assert.Equal(rewarded.Select(side => side.Id), Create().TokenizeDialogues([row]).Select(side => side.Id));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, -1)]
    public void UnpairedPreference_EarnsByItsLabel(bool isDesirable, double expected) =>
        Assert.Equal([0, 0, expected], Single(new UnpairedPreferenceRow("x", Source, Text("a"), Text("b"), isDesirable)).Rewards!);

    private static TokenizedDialogue Single(TextRow row) => Create().TokenizeDialogues([row])[0];
}
