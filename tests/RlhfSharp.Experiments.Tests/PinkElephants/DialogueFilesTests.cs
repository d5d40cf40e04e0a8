using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.PinkElephants;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Experiments.Tests.PinkElephants;

public sealed class DialogueFilesTests
{
    private static readonly PinkElephantDialogue Dialogue = new()
    {
        Id = "drinks/0/0",
        Topic = "drinks",
        Avoid = "Coca-Cola",
        Prefer = "caf\u00e9 cr\u00e8me",
        AvoidAliases = ["Coke"],
        Instruction = InstructionKind.Avoid,
        Prompt = [new ChatMessage(ChatMessage.System, "Don't mention \"Coca-Cola\"."), new ChatMessage(ChatMessage.User, "Thirsty \ud83d\udc18\nWhat now?")],
        Chosen = "A caf\u00e9 cr\u00e8me.",
        Rejected = "A Coke.",
    };

    private static readonly DialogueSet Set = new(
        [Dialogue, Dialogue with { Id = "drinks/0/0/plain", Instruction = InstructionKind.None, Prompt = [Dialogue.Prompt[1]], Chosen = "A Coke.", Rejected = "A caf\u00e9 cr\u00e8me." }],
        [Dialogue with { Id = "v", AvoidAliases = [], Instruction = InstructionKind.Other }],
        [Dialogue with { Id = "e", PreferAliases = ["coffee"] }]);

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        using var folder = Write(Set);
        AssertSame(Set.Training, DialogueFiles.Read(folder.File("train.jsonl")));
        AssertSame(Set.Validation, DialogueFiles.Read(folder.File("validation.jsonl")));
        AssertSame(Set.Evaluation, DialogueFiles.Read(folder.File("evaluation.jsonl")));
    }

    [Fact]
    public void Write_Pair_HasTheColumnsOfTrlAndOfTheTask()
    {
        using var folder = Write(Set);
        const string Expected = """
            {"id":"v","topic":"drinks","avoid":"Coca-Cola","prefer":"café crème","instruction":"other",
            "prompt":[{"role":"system","content":"Don't mention \"Coca-Cola\"."},{"role":"user","content":"Thirsty \uD83D\uDC18\nWhat now?"}],
            "chosen":[{"role":"assistant","content":"A café crème."}],"rejected":[{"role":"assistant","content":"A Coke."}]}
            """;
        Assert.Equal($"{Expected.ReplaceLineEndings(string.Empty)}\n", File.ReadAllText(folder.File("validation.jsonl")));
        var first = JsonNode.Parse(File.ReadLines(folder.File("train.jsonl")).First())!;
        Assert.Equal("""["Coke"]""", first["avoid_aliases"]!.ToJsonString());
        Assert.Null(first["prefer_aliases"]);
    }

    [Fact]
    public void Write_Rows_AreReadByTrainingAsWhatTheyAre()
    {
        using var folder = Write(Set);
        var pairs = Rows(folder, "train.jsonl").Cast<PreferenceRow>().ToList();
        var rewarded = Rows(folder, "train-rewarded.jsonl").Cast<RewardedRow>().ToList();
        var unpaired = Rows(folder, "train-unpaired.jsonl").Cast<UnpairedPreferenceRow>().ToList();

        Assert.Equal(["A caf\u00e9 cr\u00e8me.", "A Coke."], pairs.Select(row => row.Chosen.Messages.Single().Content));
        Assert.Equal([(1.0, "A caf\u00e9 cr\u00e8me."), (-1.0, "A Coke."), (1.0, "A Coke."), (-1.0, "A caf\u00e9 cr\u00e8me.")], rewarded.Select(row => (row.Reward!.Value, row.Completion.Messages.Single().Content)));
        Assert.Equal([true, false, true, false], unpaired.Select(row => row.IsDesirable));
        Assert.Equal(["drinks/0/0/chosen", "drinks/0/0/rejected", "drinks/0/0/plain/chosen", "drinks/0/0/plain/rejected"], unpaired.Select(row => row.Id));
        Assert.All(rewarded.Zip(unpaired), pair => Assert.Equal(pair.First.Prompt!.Messages, pair.Second.Prompt.Messages));
    }

    [Fact]
    public void Write_Description_SaysWhatIsThere()
    {
        using var folder = Write(Set);
        var description = JsonDocument.Parse(File.ReadAllText(folder.File("dataset.json"))).RootElement;
        Assert.Equal("built-in world", description.GetProperty("source").GetString());
        Assert.Equal("""{"train":2,"validation":1,"evaluation":1}""", Compact(description.GetProperty("rows")));
        Assert.Equal(
            """{"train":{"avoid":1,"none":1,"other":0},"validation":{"avoid":0,"none":0,"other":1},"evaluation":{"avoid":1,"none":0,"other":0}}""",
            Compact(description.GetProperty("instructions")));
    }

    [Theory]
    [InlineData("avoid", null, "'avoid' is missing or null, expected a string")]
    [InlineData("topic", "7", "'topic' is empty or no text, expected a string")]
    [InlineData("prefer", "\"!?\"", "'prefer' is '!?', which has no letter or digit by which it could be found")]
    [InlineData("instruction", "\"avoids\"", "'instruction' is 'avoids'. Did you mean 'avoid'? Allowed: avoid, none, other")]
    [InlineData("avoid_aliases", "\"Coke\"", "'avoid_aliases' is no list")]
    [InlineData("avoid_aliases", "[\"Coke\",null]", "'avoid_aliases[1]' is missing or null, expected a string")]
    [InlineData("prompt", "\"Hello\"", "'prompt' is a string and 'chosen' a list of messages")]
    [InlineData("chosen", "[{\"role\":\"user\",\"content\":\"x\"}]", "the answer of 'chosen' begins with a user turn")]
    [InlineData("rejected", "[]", "'rejected' is empty")]
    public void Read_BadRow_NamesFileLineAndKey(string key, string? json, string expected)
    {
        using var folder = Write(Set);
        var path = folder.File("train.jsonl");
        var lines = File.ReadAllLines(path);
        var row = JsonNode.Parse(lines[1])!;
        row[key] = json is null ? null : JsonNode.Parse(json);
        File.WriteAllLines(path, [lines[0], row.ToJsonString()]);

        var message = Assert.Throws<InputException>(() => DialogueFiles.Read(path)).Message;

        Assert.StartsWith($"{path}:2: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    private static TemporaryFolder Write(DialogueSet set)
    {
        var folder = TestFiles.NewFolder("files");
        DialogueFiles.Write(folder.Path, set, DialogueFacts.BuiltIn(seed: 3));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => file.EndsWith(".tmp", StringComparison.Ordinal));
        return folder;
    }

    private static IReadOnlyList<TextRow> Rows(TemporaryFolder folder, string name) => TextRowReader.Read(folder.File(name), RowSchema.Auto, new BadRows(OnBadRow.Error));

    // Records compare their lists by reference.
    private static void AssertSame(IReadOnlyList<PinkElephantDialogue> expected, IReadOnlyList<PinkElephantDialogue> actual) =>
        Assert.Equal(expected.Select(row => JsonSerializer.Serialize(row)), actual.Select(row => JsonSerializer.Serialize(row)));

    private static string Compact(JsonElement value) => JsonNode.Parse(value.GetRawText())!.ToJsonString();
}
