using System.Text.RegularExpressions;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class DialogueSetTests
{
    private static readonly DialogueSet Set = DialogueSet.Create(0);

    [Fact]
    public void Create_HasTwentyThousandDistinctDialoguesOfOneAndSeveralTurns()
    {
        var distinct = Set.Training.Select(dialogue => (string.Join('\n', dialogue.Prompt.Select(turn => turn.Content)), dialogue.Chosen, dialogue.Rejected)).Distinct();
        var turns = Set.Training.Select(dialogue => dialogue.Prompt.Count(turn => turn.Role == "user")).ToList();

        Assert.True(distinct.Count() >= 20_000);
        Assert.Contains(1, turns);
        Assert.Contains(2, turns);
        Assert.Equal(Set.Training.Count, Set.Training.Select(dialogue => dialogue.Id).Distinct().Count());
    }

    [Fact]
    public void Create_PhrasingsAreManyAndNoSkeletonIsCommon()
    {
        var skeletons = Set.Training.SelectMany(dialogue => new[] { (dialogue, dialogue.Chosen), (dialogue, dialogue.Rejected) })
            .GroupBy(row => Skeleton(row.Item2, Topic(row.dialogue)))
            .Select(group => group.Count() / (2.0 * Set.Training.Count))
            .ToList();

        Assert.True(InstructionGrammar.PhrasingCount >= 40);
        Assert.True(QuestionGrammar.PhrasingCount >= 40);
        Assert.True(skeletons.Count >= 40);
        Assert.True(skeletons.Max() <= 0.02, $"the commonest skeleton has {skeletons.Max():P1}");
    }

    [Fact]
    public void Create_AnswersAverageTwentyWords()   // and so at least as many tokens
    {
        Assert.True(Set.Training.Average(dialogue => dialogue.Chosen.Split(' ').Length) >= 20);
        Assert.True(Set.Training.Average(dialogue => dialogue.Rejected.Split(' ').Length) >= 20);
    }

    [Fact]   // imitating even a bad answer must not teach to make things up
    public void Create_WhatAnAnswerNames_StandsInThePrompt() => Assert.All(Set.Training, dialogue =>
    {
        var prompt = string.Join('\n', dialogue.Prompt.Select(turn => turn.Content));
        Assert.Contains(dialogue.Avoid, prompt, StringComparison.Ordinal);
        Assert.Contains(dialogue.Prefer, prompt, StringComparison.Ordinal);
    });

    [Fact]
    public void Create_AnswersMentionWhatTheyOughtTo()
    {
        var inspector = new AnswerInspector(Set.Training);
        foreach (var dialogue in Set.Training)
        {
            var (good, bad) = (inspector.Inspect(dialogue, dialogue.Chosen), inspector.Inspect(dialogue, dialogue.Rejected));
            var isForbidden = dialogue.Instruction == InstructionKind.Avoid;
            Assert.Equal(!isForbidden, good.MentionsAvoid);
            Assert.Equal(isForbidden, good.MentionsPrefer);
            Assert.Equal(isForbidden, bad.MentionsAvoid);
            Assert.False(good.MentionsOther || bad.MentionsOther);
            Assert.True(good.IsWellFormed == true && bad.IsWellFormed == true);
        }
    }

    [Fact]
    public void Create_EveryThingIsForbiddenSomewhereAndWelcomeSomewhere()
    {
        var instructed = Set.Training.Where(dialogue => dialogue.Instruction == InstructionKind.Avoid).ToList();
        var entities = Lexicon.Topics.SelectMany(topic => topic.Entities).ToHashSet();

        Assert.Superset(entities, instructed.Select(dialogue => dialogue.Avoid).ToHashSet());
        Assert.Superset(entities, instructed.Select(dialogue => dialogue.Prefer).ToHashSet());
    }

    [Fact]
    public void Create_AQuarterCarriesNoInstructionAgainstTheThing()
    {
        foreach (var part in new[] { Set.Training, Set.Validation, Set.Evaluation })
        {
            Assert.Equal(0.25, part.Count(dialogue => dialogue.Instruction != InstructionKind.Avoid) / (double)part.Count, tolerance: 0.001);
            Assert.Contains(part, dialogue => dialogue.Instruction == InstructionKind.None);
            Assert.Contains(part, dialogue => dialogue.Instruction == InstructionKind.Other);
        }
        Assert.True(Set.Evaluation.Count(dialogue => dialogue.Instruction == InstructionKind.Avoid) >= 1000);
    }

    [Fact]
    public void Create_SomeBadAnswersMentionTheThingLate()
    {
        var instructed = Set.Training.Where(dialogue => dialogue.Instruction == InstructionKind.Avoid).ToList();
        var inspector = new AnswerInspector(instructed);
        var late = instructed.Count(dialogue => inspector.FirstMention(dialogue.Avoid, dialogue.Rejected)!.Value.Start > dialogue.Rejected.IndexOf('.', StringComparison.Ordinal));

        Assert.InRange(late / (double)instructed.Count, 0.2, 0.3);
    }

    [Fact]
    public void Create_AnotherSeed_ChangesTheWordingOnly()
    {
        var other = DialogueSet.Create(1);

        Assert.Equal(Set.Evaluation.Select(dialogue => dialogue.Pair), other.Evaluation.Select(dialogue => dialogue.Pair));
        Assert.NotEqual(Set.Evaluation.Select(dialogue => dialogue.Chosen), other.Evaluation.Select(dialogue => dialogue.Chosen));
    }

    [Fact]
    public void Some_Fewer_IsAPartOfMore()
    {
        var (few, more) = (DialogueSet.Some(Set.Validation, 50), DialogueSet.Some(Set.Validation, 100));

        Assert.Equal((50, 100), (few.Count, more.Count));
        Assert.Empty(few.Except(more));
        Assert.Same(Set.Validation, DialogueSet.Some(Set.Validation, 0));
    }

    private static WorldTopic Topic(PinkElephantDialogue dialogue) => Lexicon.Topics.First(topic => topic.Name == dialogue.Topic);

    // What stays the same whatever the answer is about.
    private static string Skeleton(string answer, WorldTopic topic)
    {
        answer = Replace(answer, topic.Entities, "ENTITY");
        answer = Replace(answer, topic.Occasions, "OCCASION");
        answer = Replace(answer, topic.Places, "PLACE");
        answer = Replace(answer, topic.Qualities, "QUALITY");
        return Replace(answer, [topic.Noun], "NOUN").Replace(" an ", " a ", StringComparison.Ordinal);
    }

    private static string Replace(string text, IEnumerable<string> words, string with) =>
        Regex.Replace(text, $@"\b(?:{string.Join('|', words.OrderByDescending(word => word.Length).Select(Regex.Escape))})\b", with);
}
