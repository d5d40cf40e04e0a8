using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Tests.TinyWorld;

public sealed class DialogueWorldTests
{
    private const int Texts = 60_000;
    private static readonly string[] World = [.. Enumerable.Range(0, Texts).Select(index => DialogueWorld.Write(0, index))];

    [Fact]
    public void Write_EveryThing_OccursInPlainTalk()
    {
        var talk = string.Join('\n', World.Where(text => !text.Contains("Human:", StringComparison.Ordinal)));

        Assert.All(Lexicon.Topics.SelectMany(topic => topic.Entities), entity => Assert.Contains(entity, talk, StringComparison.Ordinal));
    }

    [Fact]   // the heart of the evaluation: a pair that is held out never stands in an instruction
    public void Write_HeldOutPairs_AreNeverInAnInstruction()
    {
        var instructions = World.Where(text => text.Contains("\n\nHuman:", StringComparison.Ordinal)).Select(text => text.Split("\n\nHuman:")[0]).ToList();

        Assert.True(instructions.Count > Texts / 2);
        foreach (var pair in PairSplit.Instance.Validation.Concat(PairSplit.Instance.Evaluation))
        {
            var (first, second) = (new MentionDetector(pair.First), new MentionDetector(pair.Second));
            Assert.DoesNotContain(instructions, text =>
                text.Contains(pair.First, StringComparison.Ordinal) && text.Contains(pair.Second, StringComparison.Ordinal) && first.IsMentioned(text) && second.IsMentioned(text));
        }
    }

    [Fact]
    public void Write_Twice_GivesTheSame() => Assert.Equal(World.Take(100), Enumerable.Range(0, 100).Select(index => DialogueWorld.Write(0, index)));
}
