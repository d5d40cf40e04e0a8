using System.Text.Json;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>Dialogues are written out as the chat templates of well-known models do: as the npm package @huggingface/jinja ran them (<c>Oracle/chat.mjs</c>).</summary>
public sealed class ChatOracleTests
{
    private static readonly JsonElement Answers = OracleFile.Read("chat.json");

    private static readonly ChatMessage[][] Dialogues = [.. Answers.GetProperty("dialogues").EnumerateArray().Select(
        dialogue => dialogue.EnumerateArray().Select(turn => new ChatMessage(Text(turn, "role")!, Text(turn, "content")!)).ToArray())];

    public static TheoryData<string> Known => Templates(template => Text(template, "format") is not null);

    public static TheoryData<string> WithTokenizer => Templates(template => Text(template, "tokenizer") is not null);

    public static TheoryData<string> Others => Templates(template => Text(template, "format") is null);

    [Theory]
    [MemberData(nameof(Known))]
    public void Render_FormatOfATemplate_WritesWhatTheTemplateWrites(string model)
    {
        var template = Named(model);
        var format = ChatFormats.Recognize(Text(template, "template")!);
        Assert.Equal(Text(template, "format"), format.Name);
        var begin = format.BeginsWithBos ? Text(template, "bos")! : string.Empty;
        var written = 0;
        foreach (var (dialogue, prompts, expected) in Renderings(template))
        {
            if (Text(expected, "text") is not { } text)
            {
                Assert.Throws<InputException>(() => format.Render(dialogue, prompts));
                continue;
            }
            Assert.Equal(text, begin + Written(format, dialogue, prompts));
            written++;
        }
        Assert.True(written >= 8);
    }

    // As reward models read them, in one piece, and as policies do, whose answers are pieces of their own: both after the token for the beginning.
    [Theory]
    [MemberData(nameof(WithTokenizer))]
    public void Encode_DialogueWrittenOut_GivesHuggingFacesIds(string model)
    {
        var template = Named(model);
        var tokenizer = Text(template, "tokenizer") == "mistral"
            ? TokenizerLoader.LoadSentencePiece(TestFiles.SharedData("mistral-tokenizer", "tokenizer.model.v1"))
            : TokenizerLoader.LoadJson(TestFiles.SharedData("gptneox-tokenizer", "20B_tokenizer.json"));
        var format = ChatFormats.Get(Text(template, "format")!);
        int[] begin = format.BeginsWithBos ? [tokenizer.BosId!.Value] : [];
        var compared = 0;
        foreach (var (dialogue, prompts, expected) in Renderings(template))
        {
            if (expected.TryGetProperty("ids", out var ids))
            {
                var start = begin.Length > 0 ? format.Start : TextStart.Nothing;
                var pieces = tokenizer.EncodePieces(format.Render(dialogue, prompts).Select(segment => segment.Text), start);
                Assert.Equal(ids.EnumerateArray().Select(id => id.GetInt32()), begin.Concat(tokenizer.Encode(Written(format, dialogue, prompts), start)));
                Assert.Equal(ids.EnumerateArray().Select(id => id.GetInt32()), begin.Concat(pieces.SelectMany(piece => piece)));
                Assert.True(!prompts || new PromptEncoder(tokenizer, format).Turns(dialogue).SequenceEqual(begin.Concat(pieces.SelectMany(piece => piece))));
                compared++;
            }
        }
        Assert.True(compared >= 6);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Recognize_RelativeThatWritesSomethingElse_IsUnknown(string model) =>
        Assert.Throws<InputException>(() => ChatFormats.Recognize(Text(Named(model), "template")!));

    private static string Written(IChatFormat format, ChatMessage[] dialogue, bool prompts) => string.Concat(format.Render(dialogue, prompts).Select(segment => segment.Text));

    private static IEnumerable<(ChatMessage[] Dialogue, bool Prompts, JsonElement Expected)> Renderings(JsonElement template) =>
        template.GetProperty("renderings").EnumerateArray().SelectMany((both, index) => both.EnumerateArray().Select((expected, prompts) => (Dialogues[index], prompts == 1, expected)));

    private static TheoryData<string> Templates(Func<JsonElement, bool> condition) =>
        [.. Answers.GetProperty("templates").EnumerateArray().Where(condition).Select(template => Text(template, "model")!)];

    private static JsonElement Named(string model) => Answers.GetProperty("templates").EnumerateArray().Single(template => Text(template, "model") == model);

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
