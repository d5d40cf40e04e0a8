using CsCheck;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class PrincipleStepsTests
{
    private static readonly DraftDialogue Draft = new() { Id = "shoes/0/0", Topic = "shoes", Avoid = "Nike", Prefer = "Adidas", Plan = "A runner asks.", Questions = 2 };

    [Theory]
    [InlineData("""["Teas", "card games"]""")]
    [InlineData("""Here: {"topics": ["1. Teas", "card games."]} Enjoy!""")]
    [InlineData("""[{"topic": "Teas", "why": "popular"}, {"topic": "**card games**"}]""")]
    [InlineData("Of course:\n1. Teas\n2) card games\n\nAnything else?")]
    [InlineData("- Teas\n- card games")]
    [InlineData("""["Teas", "card games", "third to""")]
    public void Topics_ManyForms_AreRead(string text) => Assert.Equal(["Teas", "card games"], TopicStep.Parse(text).Value!);

    [Theory]
    [InlineData("""[{"first":"Nike","first_aliases":[],"second":"Adidas","second_aliases":[]}]""")]
    [InlineData("""{"pairs":[["Nike","Adidas"]]}""")]
    [InlineData("""[{"X":"Nike","Y":"Adidas"}]""")]
    [InlineData("""["Nike vs. Adidas"]""")]
    [InlineData("1. Nike - Adidas\nThat is all.")]
    public void Pairs_ManyForms_AreRead(string text)
    {
        var pair = Assert.Single(PairStep.Parse(text).Value!);
        Assert.Equal(("Nike", "Adidas"), (pair.First, pair.Second));
    }

    [Fact]
    public void Pairs_Aliases_AreKeptWhereTheyTellTheThingsApart()
    {
        var pair = Assert.Single(PairStep.Parse(
            """[{"first":"Coca-Cola","first_aliases":["Coke","Coca-Cola Classic","it","Pepsi drink","..."],"second":"Pepsi","second_aliases":"none"}]""").Value!);
        Assert.Equal(["Coke"], pair.FirstAliases);   // found already; too short; of the other; no name
        Assert.Empty(pair.SecondAliases);
    }

    [Fact]
    public void Pairs_SameInOtherOrderOrCase_OrEntangled_AreRefused()
    {
        ContrastPair first = new() { First = "Nike", Second = "Adidas" };
        var list = PairStep.List("shoes");
        Assert.Null(list.Refuse(new() { First = "Nike", Second = "Puma" }, [first]));
        Assert.Equal("duplicate", list.Refuse(new() { First = "ADIDAS", Second = "nike" }, [first]));
        Assert.Equal("one name mentions the other", list.Refuse(new() { First = "tea", Second = "Green Teas" }, []));
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"Try Nike."}]""")]
    [InlineData("""{"dialogue":[{"speaker":"Person","text":"Hi"},{"speaker":"AI","text":"Try Nike."},{"speaker":"Person","text":"Thanks!"}]}""")]
    [InlineData("""Well: [{"role":"user","content":"Hi"},{"role":"assistant","content":"Try Nike."},{"role":"us""")]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"Try Nike."}] or [{"role":"user","content":"Ho"},{"role":"assistant","content":"Nike!"}]""")]
    public void Dialogue_ManyForms_AreRead(string text)
    {
        var turns = DialogueStep.Parse(text).Value!;
        Assert.Equal([new ChatMessage(ChatMessage.User, "Hi"), new ChatMessage(ChatMessage.Assistant, "Try Nike.")], turns);
        Assert.Null(DialogueStep.Refuse(turns, Draft.Detector));
    }

    [Theory]
    [InlineData("u:Hi a:Try Puma.", "the last answer does not name it")]
    [InlineData("u:Hi a:Nike! u:More a:Nike.", "an earlier answer names it")]
    [InlineData("u:Nike? a:Well. u:So? a:Nike.", null)]
    [InlineData("u:Hi u:Ho a:Nike.", "turns do not alternate")]
    [InlineData("a:Hi u:Ho", "turns do not alternate")]
    [InlineData("a:Hi u:Ho a:Nike", "turns do not alternate")]
    [InlineData("s:Hi a:Nike", "turns do not alternate")]
    [InlineData("u: a:Nike", "an empty turn")]
    public void Dialogue_Detection_SaysWhyNot(string turns, string? expected)
    {
        var messages = System.Text.RegularExpressions.Regex.Matches(turns, @"([uas]):([^:]*?)(?= [uas]:|$)")
            .Select(turn => new ChatMessage(turn.Groups[1].Value switch { "u" => ChatMessage.User, "a" => ChatMessage.Assistant, _ => ChatMessage.System }, turn.Groups[2].Value)).ToList();
        Assert.Equal(expected, DialogueStep.Refuse(messages, Draft.Detector));
    }

    [Theory]
    [InlineData("""{"answer": "Adidas it is."}""", "Adidas it is.", "")]
    [InlineData("""Here you are: {"revision": " Adidas it is.\n"} I left out Nike.""", "Adidas it is.", "")]
    [InlineData("""{"answer": "No NIKE's for you."}""", null, "the rewritten answer still names it")]
    [InlineData("""{"antwort": "Adidas"}""", null, "no rewritten answer in the answer")]
    [InlineData("Adidas it is.", null, "no rewritten answer in the answer")]
    public void Revision_ManyForms_AreReadAndChecked(string text, string? answer, string problem)
    {
        var parsed = RevisionStep.Parse(text, Draft);
        Assert.Equal((answer, problem), (parsed.Value, parsed.Problem));
    }

    [Fact]
    public void Parse_AnyText_NeverThrowsAndNamesAreUsable() =>
        // Pieces of JSON among random characters reach deeper than random characters alone.
        Gen.OneOf(Gen.String, Pick("[", "]", "{", "}", "\"", ",", ":", "\"role\":\"user\"", "\"first\":\"a\"", "\\ud83d", "\"content\":", "\"answer\":", "1. x", "\n"))
            .Array[0, 30].Select(string.Concat).Sample(
            text =>
            {
                TopicStep.Parse(text);
                PlanStep.Parse(text);
                RevisionStep.Parse(text, Draft);
                foreach (var pair in PairStep.Parse(text).Value ?? [])
                {
                    _ = pair.IsEntangled;
                }
                if (DialogueStep.Parse(text).Value is { } turns)
                {
                    DialogueStep.Refuse(turns, Draft.Detector);
                }
            },
            iter: 1000);

    private static Gen<string> Pick(params string[] pieces) => Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);
}
