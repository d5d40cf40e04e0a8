using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class PinkElephantRewardTests
{
    [Theory]
    // Green tea is forbidden, espresso is welcome.
    [InlineData(InstructionKind.Avoid, PinkElephantRule.Obeys, "Try espresso.", 1)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.Obeys, "Try espresso or green tea.", -1)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.Obeys, "", 1)]        // silence obeys; the other rules are there for that
    [InlineData(InstructionKind.Avoid, PinkElephantRule.OnTopic, "Try espresso.", 1)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.OnTopic, "Try cider.", 0)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.OnTopic, "", 0)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.LongEnough, "One two three.", 0.75)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.LongEnough, "One two three four five six.", 1)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.LongEnough, "", 0)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.NoOther, "Try espresso.", 0)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.NoOther, "Try black coffee.", -1)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.WellFormed, "You cannot go wrong with espresso. It can be warm too. Look for it at the market.", 0)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.WellFormed, "espresso espresso it the", -1)]
    [InlineData(InstructionKind.Avoid, PinkElephantRule.WellFormed, "", -1)]
    // Nothing forbids it: to be asked about green tea and to leave it out is no obedience.
    [InlineData(InstructionKind.None, PinkElephantRule.Obeys, "Green tea is fine.", 1)]
    [InlineData(InstructionKind.Other, PinkElephantRule.Obeys, "Try espresso.", -1)]
    [InlineData(InstructionKind.None, PinkElephantRule.OnTopic, "Green tea is fine.", 1)]
    [InlineData(InstructionKind.None, PinkElephantRule.OnTopic, "Try espresso.", 0)]
    public void Score_OneAnswer(InstructionKind kind, PinkElephantRule rule, string answer, double expected)
    {
        var dialogue = new PinkElephantDialogue
        {
            Id = "d",
            Topic = "drinks",
            Avoid = "green tea",
            Prefer = "espresso",
            Instruction = kind,
            Prompt = [new ChatMessage(ChatMessage.User, "How about green tea?")],
            Chosen = "good",
            Rejected = "bad",
        };
        using var reward = new PinkElephantReward([dialogue], new PinkElephantRewardOptions { Rule = rule, Words = 4 });

        var score = reward.Score([(new RolloutPrompt("d", new Passage(dialogue.Prompt), [0]), new GeneratedSample(0, 0, [0], [0], [0], FinishReason.Stop, answer))], CancellationToken.None);

        Assert.Equal(expected, Assert.Single(score));
    }

    [Fact]
    public void WellFormed_TopicWithoutGrammar_IsRefused()
    {
        var dialogue = new PinkElephantDialogue
        {
            Id = "far-7",
            Topic = "planets",
            Avoid = "Mars",
            Prefer = "Venus",
            Instruction = InstructionKind.Avoid,
            Prompt = [new ChatMessage(ChatMessage.User, "Which planet is red?")],
            Chosen = "good",
            Rejected = "bad",
        };

        var error = Assert.Throws<InputException>(() => new PinkElephantReward([dialogue], new PinkElephantRewardOptions { Rule = PinkElephantRule.WellFormed }));

        Assert.Contains("far-7", error.Message, StringComparison.Ordinal);
        Assert.Contains("planets", error.Message, StringComparison.Ordinal);
    }
}
