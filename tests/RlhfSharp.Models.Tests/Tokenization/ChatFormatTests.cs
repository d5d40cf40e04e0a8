using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

public sealed class ChatFormatTests
{
    private static readonly ChatMessage[] Dialogue =
    [
        new(ChatMessage.User, "hi"), new(ChatMessage.Assistant, "hello"), new(ChatMessage.User, "why?"), new(ChatMessage.Assistant, "because"),
    ];

    [Fact]
    public void Render_HumanAssistant_WritesMarkersAsContextAndAnswersWithTheirSpace() => Assert.Equal(
        [
            new ChatSegment("\n\nHuman: hi\n\nAssistant:", IsAnswer: false), new(" hello", IsAnswer: true),
            new("\n\nHuman: why?\n\nAssistant:", IsAnswer: false), new(" because", IsAnswer: true),
        ],
        ChatFormats.Get("human-assistant").Render(Dialogue));

    [Fact]
    public void Render_HumanAssistantPrompt_BeginsWithTheSystemTextAndEndsWithTheMarker()
    {
        var segments = ChatFormats.Get("human-assistant").Render([new(ChatMessage.System, "Be brief."), .. Dialogue[..3]], addGenerationPrompt: true);
        Assert.Equal("Be brief.\n\nHuman: hi\n\nAssistant: hello\n\nHuman: why?\n\nAssistant:", string.Concat(segments.Select(segment => segment.Text)));
        Assert.False(segments[^1].IsAnswer);
        Assert.Equal(["\n\nHuman:"], ChatFormats.Get("human-assistant").StopStrings);
    }

    [Fact]
    public void Render_EveryDialogueOfHhRlhf_GivesItsStringBack()
    {
        using var stream = new GZipStream(File.OpenRead(TestFiles.SharedData("hh-rlhf", "test.jsonl.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        var (format, count) = (ChatFormats.Get("human-assistant"), 0);
        while (reader.ReadLine() is { } line)
        {
            using var row = JsonDocument.Parse(line);
            foreach (var text in row.RootElement.EnumerateObject().Select(member => member.Value.GetString()!))
            {
                var parts = Regex.Split(text, "\n\n(Human|Assistant): ")[1..].Chunk(2)
                    .Select(turn => new ChatMessage(turn[0] == "Human" ? ChatMessage.User : ChatMessage.Assistant, turn[1]));
                // Not Assert.Equal: it would print the text, which is offensive.
                Assert.True(text == string.Concat(format.Render([.. parts]).Select(segment => segment.Text)), $"Dialogue {count} came back changed.");
                count++;
            }
        }
        Assert.Equal(4624, count);
    }

    [Fact]
    public void Render_Plain_WritesContentsOnly() => Assert.Equal(
        [new ChatSegment("hi", IsAnswer: false), new("hello", IsAnswer: true), new("why?", IsAnswer: false), new("because", IsAnswer: true)],
        ChatFormats.Get("plain").Render(Dialogue));

    [Fact]
    public void Render_TurnsWithoutWords_AreErrorsThatNameTheTurn()
    {
        var format = ChatFormats.Get("human-assistant");
        Assert.Contains("Turn 1 has the role 'asistant'. Did you mean 'assistant'?", Refusal(() => format.Render([new("asistant", "x")])), StringComparison.Ordinal);
        Assert.Contains("Turn 2", Refusal(() => format.Render([Dialogue[0], new(ChatMessage.System, "x")])), StringComparison.Ordinal);
        Assert.Contains("Turn 1", Refusal(() => ChatFormats.Get("plain").Render([new(ChatMessage.Assistant, "")])), StringComparison.Ordinal);
    }

    [Fact]
    public void Get_MisspeltName_NamesTheNearest() =>
        Assert.Contains("Did you mean 'human-assistant'?", Refusal(() => ChatFormats.Get("human-asistant")), StringComparison.Ordinal);

    private static string Refusal(Func<object> act) => Assert.Throws<InputException>(act).Message;
}
