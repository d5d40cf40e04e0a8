using RlhfSharp.Experiments.PinkElephants;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class AnswerInspectorTests
{
    [Fact]
    public void Inspect_AliasOfAnotherDialogue_IsAMention()
    {
        var plain = Dialogue("1", []);
        var inspector = new AnswerInspector([plain, Dialogue("2", ["sax"])]);

        Assert.True(inspector.Inspect(plain, "Take the sax.").MentionsAvoid);
    }

    [Fact]
    public void Inspect_ThirdThingOfTheTopic_IsAnother()
    {
        var dialogue = Dialogue("1", []);
        var answer = new AnswerInspector([dialogue]).Inspect(dialogue, " Take the violins. ");

        Assert.Equal((false, false, true), (answer.MentionsAvoid, answer.MentionsPrefer, answer.MentionsOther));
        Assert.Equal("Take the violins.", answer.Answer);
    }

    private static PinkElephantDialogue Dialogue(string id, IReadOnlyList<string> aliases) => new()
    {
        Id = id,
        Topic = "instruments",
        Avoid = "saxophone",
        AvoidAliases = aliases,
        Prefer = "oboe",
        Instruction = InstructionKind.Avoid,
        Prompt = [],
        Chosen = "",
        Rejected = "",
    };
}
