using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class FluencyRewardTests
{
    private static readonly IReadOnlyList<PinkElephantDialogue> Dialogues = DialogueSet.Some(DialogueSet.Create(0).Validation, 8);

    [Fact]
    public void Score_WrittenAnswersAndTheirWordsInDisorder_PrefersTheWrittenOnes()
    {
        using var reward = Reward(floor: -20);

        var written = reward.Score([.. Dialogues.Select(dialogue => Sample(dialogue, dialogue.Chosen))], CancellationToken.None);
        var mixed = reward.Score([.. Dialogues.Select(dialogue => Sample(dialogue, Shuffled(dialogue.Chosen)))], CancellationToken.None);

        Assert.All(written.Zip(mixed), scores => Assert.True(scores.First > scores.Second + 1));
        Assert.All(written, score => Assert.InRange(score, -3, 0));
    }

    [Fact]
    public void Score_NothingSaidAndWhatIsBelowTheFloor_HaveTheFloor()
    {
        using var reward = Reward(floor: -2);

        var scores = reward.Score([Sample(Dialogues[0], " \n"), Sample(Dialogues[0], Shuffled(Dialogues[0].Chosen)), Sample(Dialogues[0], $" {Dialogues[0].Chosen}")], CancellationToken.None);

        Assert.Equal([-2, -2], scores.Take(2));
        Assert.True(scores[2] > -2);
    }

    [Fact]
    public void Score_OneAtATimeOrTogether_IsTheSame()
    {
        using var reward = Reward(floor: -5);

        var together = reward.Score([.. Dialogues.Select(dialogue => Sample(dialogue, dialogue.Chosen))], CancellationToken.None);

        Assert.All(Dialogues.Zip(together), pair => Assert.Equal(reward.Score([Sample(pair.First, pair.First.Chosen)], CancellationToken.None)[0], pair.Second, 1e-5));
    }

    private static FluencyReward Reward(double floor) => new(AnswerReader.Load("tiny-world/dialogues", new HumanAssistantFormat(), ScalarType.Float32, CPU), floor);

    private static (RolloutPrompt, GeneratedSample) Sample(PinkElephantDialogue dialogue, string answer) =>
        (new RolloutPrompt(dialogue.Id, new Passage(dialogue.Prompt), []), new GeneratedSample(0, 0, [], [], [], FinishReason.Stop, answer));

    private static string Shuffled(string text)
    {
        var words = text.Split(' ');
        new NamedRandom(1, "disorder").Shuffle(words.AsSpan());
        return string.Join(' ', words);
    }
}
