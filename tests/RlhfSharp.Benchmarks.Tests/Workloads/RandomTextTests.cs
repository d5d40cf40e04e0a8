using RlhfSharp.Benchmarks.Workloads;

namespace RlhfSharp.Benchmarks.Tests.Workloads;

public class RandomTextTests
{
    [Fact]
    public void Dialogues_FromThePromptsOwnLengthUp_AllHaveAnAnswerAndNoneIsTooLong()
    {
        var dialogues = RandomText.Dialogues(200, promptLength: 4, shortest: 4, longest: 8, vocabulary: 10);

        Assert.Equal([5, 6, 7, 8], dialogues.Select(dialogue => dialogue.Tokens.Length).Distinct().Order());
        Assert.All(dialogues, dialogue => Assert.Equal(dialogue.Tokens.Length - 4, dialogue.AnswerLength));
        Assert.All(dialogues, dialogue => Assert.Equal(1, Math.Abs(dialogue.Rewards![^1])));
        Assert.All(dialogues.SelectMany(dialogue => dialogue.Tokens), id => Assert.InRange(id, 0, 9));
    }
}
