using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf.Judgements;

/// <summary>The damaged answers that gold learns from beside good ones.</summary>
public sealed class AnswerVarietyTests
{
    private const int Draws = 1200;

    [Fact]
    public void Damaged_GoodAnswer_IsNeverEmptyAndMostlyWorse()
    {
        var dialogue = DialogueSet.Create(0).Training[0];
        var critic = new AnswerCritic(dialogue);
        var variety = new AnswerVariety(dialogue, critic);
        var random = new NamedRandom(0, "damages");

        var damaged = Enumerable.Range(0, Draws).Select(_ => variety.Damaged(dialogue.Chosen, random)).ToList();

        Assert.All(damaged, answer => Assert.False(string.IsNullOrWhiteSpace(answer)));
        Assert.True(damaged.Count(answer => critic.Judge(answer) < critic.Judge(dialogue.Chosen)) > 0.8 * Draws);
        // Gold is to know gibberish, and what can be read and is wrong all the same. Without other words and glued sentences 29% would be gibberish, with them it is 38%.
        var readable = damaged.ConvertAll(answer => critic.Read(answer).Readable);
        Assert.True(readable.Count(share => share < 0.5) > 0.33 * Draws, $"{readable.Count(share => share < 0.5)} of {Draws} are mostly gibberish");
        Assert.True(readable.Count(share => share == 1) > 0.3 * Draws, $"{readable.Count(share => share == 1)} of {Draws} can be read from end to end");
    }

    [Fact]
    public void Damaged_OneWord_HasAWordStill()
    {
        var dialogue = DialogueSet.Create(0).Training[0];
        var variety = new AnswerVariety(dialogue, new AnswerCritic(dialogue));
        var random = new NamedRandom(1, "damages");

        Assert.All(Enumerable.Range(0, Draws), _ => Assert.False(string.IsNullOrWhiteSpace(variety.Damaged("Yes.", random))));
    }
}
