using CsCheck;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Tests.Data.Rows;

public class AnthropicDialogueTests
{
    private static readonly DialogueFormat Format = new();

    [Fact]
    public void Parse_TurnsAndWhiteSpace_KeepsAllButTheMarkers() => Assert.Equal(
        [
            new(ChatMessage.User, "Hi\n\nthere "),
            new(ChatMessage.Assistant, " Hello"),
            new(ChatMessage.Assistant, ""),
            new(ChatMessage.User, "Human: x"),
        ],
        AnthropicDialogue.Parse("\n\nHuman: Hi\n\nthere \n\nAssistant:  Hello\n\nAssistant:\n\nHuman: Human: x"));

    [Fact]
    public void Parse_WhatWasWritten_GivesTheTurnsBack()
    {
        string[] pieces = ["a", " ", "\n", "\n\n", "Human", "Assistant:", ":", "é"];
        var content = Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[1, 6].Select(string.Concat).Where(text =>
            !text.Contains("\n\nAssistant:", StringComparison.Ordinal) && !text.Contains("\n\nHuman:", StringComparison.Ordinal));
        var message = Gen.Select(Gen.Bool, content, (isUser, text) => new ChatMessage(isUser ? ChatMessage.User : ChatMessage.Assistant, text));

        message.Array[0, 5].Sample(
            rest =>
            {
                ChatMessage[] messages = [new(ChatMessage.User, "start"), .. rest];
                var text = string.Concat(Format.Render(messages).Select(segment => segment.Text));

                // A turn that ends in line breaks cannot shift the border of the next: markers begin at their own line breaks.
                Assert.Equal(text, string.Concat(Format.Render(AnthropicDialogue.Parse(text)).Select(segment => segment.Text)));
                Assert.Equal(messages, AnthropicDialogue.Parse(text));
            },
            iter: 500, threads: 1);
    }

    // The text of this data set is offensive: a failure names lines only.
    [Fact]
    public void Read_HhRlhf_EveryRowIsUsedOrCountedAndReadsBackAsItStands()
    {
        var path = TestFiles.SharedData("hh-rlhf", "test.jsonl.gz");
        var badRows = new BadRows(OnBadRow.Skip);

        var rows = TextRowReader.Read(path, RowSchema.Auto, badRows).Cast<PreferenceRow>().ToList();

        // Four rows have an empty last turn on the chosen side.
        Assert.Equal([87, 517, 926, 1104], badRows.Skipped.Select(row => row.Source.Line));
        Assert.All(badRows.Skipped, row => Assert.Matches("turn [24] of 'chosen' is empty", row.Reason));
        Assert.Equal(2312 - 4, rows.Count);
        Assert.Empty(rows.Where(row => row.Prompt.Messages[^1].Role != ChatMessage.User).Select(row => row.Source.Line));

        var raw = RowReader.Read(path).ToDictionary(row => row.Source.Line, row => row.Values);
        Assert.Empty(rows.Where(row => Write(row, row.Chosen) != (string?)raw[row.Source.Line]["chosen"]
            || Write(row, row.Rejected) != (string?)raw[row.Source.Line]["rejected"]).Select(row => row.Source.Line));

        // In five rows one side answers in two turns.
        var longer = rows.Where(row => row.Chosen.Messages.Count + row.Rejected.Messages.Count > 2);
        Assert.Equal([1255, 1689, 1951, 1953, 2037], longer.Select(row => row.Source.Line));
    }

    private static string Write(PreferenceRow row, Passage side) =>
        string.Concat(Format.Render([.. row.Prompt.Messages, .. side.Messages]).Select(segment => segment.Text));
}
