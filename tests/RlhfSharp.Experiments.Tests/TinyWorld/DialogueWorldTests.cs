using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class DialogueWorldTests
{
    private const int Count = 60_000;
    private static readonly IReadOnlyList<ChatMessage>[] World =
    [
        .. Enumerable.Range(0, Count).Select(index => DialogueWorld.Write(0, index, Count)),
        .. Enumerable.Range(0, 500).Select(index => DialogueWorld.WriteHeldOut(0, index)),
    ];

    [Fact]
    public void Write_EveryThing_OccursInPlainTalk()
    {
        var talk = string.Join('\n', World.Where(dialogue => dialogue[0].Role == ChatMessage.User).SelectMany(dialogue => dialogue).Select(message => message.Content));

        Assert.All(Lexicon.Topics.SelectMany(topic => topic.Entities), entity => Assert.Contains(entity, talk, StringComparison.Ordinal));
    }

    [Fact]   // the heart of the evaluation: the two things of a held-out pair never stand in one instruction
    public void Write_HeldOutPairs_AreNeverInAnInstruction()
    {
        var instructions = World.SelectMany(dialogue => dialogue)
            .Where(message => message.Role == ChatMessage.System && !message.Content.StartsWith("With ", StringComparison.Ordinal))   // companions instruct nobody
            .Select(message => message.Content).ToList();

        Assert.True(instructions.Count > Count / 2);
        foreach (var pair in PairSplit.Instance.Validation.Concat(PairSplit.Instance.Evaluation))
        {
            var (first, second) = (new MentionDetector(pair.First), new MentionDetector(pair.Second));
            var both = instructions.Find(text =>
                text.Contains(pair.First, StringComparison.Ordinal) && text.Contains(pair.Second, StringComparison.Ordinal) && first.IsMentioned(text) && second.IsMentioned(text));
            Assert.True(both is null, $"{pair.First} and {pair.Second}: {both}");
        }
    }

    [Fact]   // an answer of several tokens is learnt from in every dialogue, and fits the model's positions with room to spare
    public void Write_EachDialogue_AlternatesAndEndsWithTheAssistant() => Assert.All(World.Where((_, index) => index % 50 == 0), dialogue =>
    {
        var turns = dialogue.SkipWhile(message => message.Role == ChatMessage.System).Select(message => message.Role).ToList();
        Assert.All(turns.Index(), turn => Assert.Equal(turn.Index % 2 == 0 ? ChatMessage.User : ChatMessage.Assistant, turn.Item));
        Assert.Equal(ChatMessage.Assistant, turns[^1]);
    });

    [Fact]   // copying comes first, obeying and disobeying last
    public void Write_IsACurriculum()
    {
        static bool IsDialogueInFull(IReadOnlyList<ChatMessage> dialogue) => Lexicon.Topics.Any(topic => AnswerGrammar.IsWellFormed(dialogue[^1].Content, topic));

        Assert.DoesNotContain(World.Take(Count / 2).Where((_, index) => index % 20 == 0), IsDialogueInFull);
        Assert.InRange(World.Skip(Count * 4 / 5).Take(1000).Count(IsDialogueInFull), 500, 700);
    }

    [Fact]
    public void Write_Twice_GivesTheSame() =>
        Assert.Equal(World.Take(100), Enumerable.Range(0, 100).Select(index => DialogueWorld.Write(0, index, Count)));
}
