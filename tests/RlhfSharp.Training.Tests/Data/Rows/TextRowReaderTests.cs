using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Tests.Data.Rows;

public class TextRowReaderTests
{
    private const string User = """{"role":"user","content":"Hi"}""";
    private const string Answer = """{"role":"assistant","content":"Hello"}""";
    private const string Other = """{"role":"assistant","content":"Bye"}""";

    [Theory]
    [InlineData("""{"text":"a"}""", typeof(LanguageModelingRow))]
    [InlineData($$"""{"messages":[{{User}},{{Answer}}],"prompt":"Hi","prompt_id":"7"}""", typeof(LanguageModelingRow))]
    [InlineData("""{"prompt":"a"}""", typeof(PromptRow))]
    [InlineData($$"""{"prompt":[{{User}}]}""", typeof(PromptRow))]
    [InlineData("""{"prompt":"a","completion":"b"}""", typeof(PromptCompletionRow))]
    [InlineData($$"""{"prompt":[{{User}}],"completion":[{{Answer}}]}""", typeof(PromptCompletionRow))]
    [InlineData("""{"prompt":"a","chosen":"b","rejected":"c","score":3}""", typeof(PreferenceRow))]
    [InlineData($$"""{"prompt":[{{User}}],"chosen":[{{Answer}}],"rejected":[{{Other}}]}""", typeof(PreferenceRow))]
    [InlineData("""{"chosen":"ab","rejected":"ac"}""", typeof(PreferenceRow))]
    [InlineData($$"""{"chosen":[{{User}},{{Answer}}],"rejected":[{{User}},{{Other}}],"prompt":null}""", typeof(PreferenceRow))]
    [InlineData("""{"prompt":"a","completion":"b","label":true}""", typeof(UnpairedPreferenceRow))]
    [InlineData("""{"prompt":"a","completion":"b","reward":1}""", typeof(RewardedRow))]
    [InlineData("""{"prompt":"a","completion":"b","token_rewards":[{"at":0,"reward":1}]}""", typeof(RewardedRow))]
    [InlineData($$"""{"messages":[{{User}},{{Answer}}],"rewards":[1]}""", typeof(RewardedRow))]
    [InlineData($$"""{"messages":[{{User}},{{Answer}}],"reward":-2.5}""", typeof(RewardedRow))]
    [InlineData("""{"text":"a","reward":1}""", typeof(RewardedRow))]
    public void Read_Auto_KnowsTheKindOfRowByItsColumns(string line, Type expected) => Assert.IsType(expected, Single(line));

    [Fact]
    public void Read_NoKnownColumns_NamesWhatWasFoundWhatWasMeantAndWhatIsKnown()
    {
        var message = Error("""{"promt":"a","completion":"b"}""");

        Assert.Contains(":1: the columns promt, completion make no known kind of row", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'prompt' where it says 'promt'?", message, StringComparison.Ordinal);
        Assert.Contains("prompt, chosen, rejected; chosen, rejected;", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ForcedSchema_AsksForItsColumns()
    {
        Assert.IsType<PromptRow>(Single("""{"prompt":"a","completion":"b"}""", RowSchema.PromptOnly));
        Assert.Contains(
            "has the columns prompt, completion, expected prompt, chosen, rejected",
            Error("""{"prompt":"a","completion":"b"}""", RowSchema.Preference),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"prompt":"a","chosen":"b","rejected":"b"}""", "'chosen' and 'rejected' are equal")]
    [InlineData($$"""{"chosen":[{{User}},{{Answer}}],"rejected":[{{User}},{{Answer}}]}""", "'chosen' and 'rejected' are equal")]
    [InlineData("""{"prompt":"a","completion":" "}""", "'completion' is empty")]
    [InlineData("""{"prompt":"","completion":"b"}""", "'prompt' is empty")]
    [InlineData("""{"prompt":[],"completion":[]}""", "'prompt' is empty")]
    [InlineData("""{"chosen":"ab","rejected":"cd"}""", "share no prompt")]
    [InlineData("""{"prompt":1,"completion":"b"}""", "'prompt' is a number, expected a string or a list of messages")]
    [InlineData("""{"prompt":"a","completion":"b\ud800"}""", "'completion' is not valid Unicode")]
    [InlineData($$"""{"prompt":"Hi","completion":[{{Answer}}]}""", "'prompt' is a string and 'completion' a list of messages")]
    [InlineData($$"""{"prompt":[{{User}}],"completion":[{{User}}]}""", "the answer of 'completion' begins with a user turn")]
    [InlineData($$"""{"prompt":[{{User}}],"completion":[{{Answer}},{{User}}]}""", "'completion' ends with a user turn")]
    [InlineData($$"""{"messages":[{{User}}]}""", "'messages' ends with a user turn")]
    [InlineData($$"""{"text":[{{Answer}}]}""", "'text' is a list of messages, expected a string")]
    [InlineData("""{"messages":"a"}""", "'messages' is a string, expected a list of messages")]
    [InlineData("""{"messages":["a"]}""", "'messages[0]' is a string, expected a message")]
    [InlineData("""{"messages":[{"role":"asistant","content":"a"}]}""", "'messages[0].role' is 'asistant'. Did you mean 'assistant'?")]
    [InlineData("""{"messages":[{"role":"assistant"}]}""", "'messages[0].content' is missing or null, expected a string")]
    [InlineData("""{"messages":[{"role":"assistant","content":""}]}""", "'messages[0].content' is empty")]
    [InlineData("""{"prompt":"a","completion":"b","label":1}""", "'label' is a number, expected true or false")]
    [InlineData("""{"prompt":"a","completion":"b","reward":"NaN"}""", "'reward' is a string, expected a number")]
    [InlineData("""{"prompt":"a","completion":"b","reward":1e999}""", "'reward' is Infinity, expected a finite number")]
    [InlineData("""{"prompt":"a","completion":"b","reward":1,"token_rewards":[{"at":0,"reward":1}]}""", "both 'reward' and 'token_rewards'")]
    [InlineData("""{"prompt":"a","completion":"b","token_rewards":[{"at":1,"reward":1}]}""", "names character 1 of a completion of 1 characters")]
    [InlineData("""{"prompt":"a","completion":"b","token_rewards":[{"at":0.5,"reward":1}]}""", "'token_rewards[0].at' is 0.5")]
    [InlineData("""{"prompt":"a","completion":"b","token_rewards":[{"at":-1,"reward":1}]}""", "'token_rewards[0].at' is -1")]
    [InlineData("""{"prompt":"a","completion":"b","token_rewards":[]}""", "'token_rewards' is empty")]
    [InlineData($$"""{"messages":[{{User}},{{Answer}}],"rewards":[1,2]}""", "'rewards' has 2 entries for 1 assistant turns")]
    [InlineData($$"""{"messages":[{{User}},{{Answer}}],"rewards":[null]}""", "'rewards' holds no number")]
    [InlineData("""{"prompt":"a","completion":"b","id":true}""", "'id' is true or false, expected a string or a number")]
    public void Read_BadRow_SaysWhatIsWrongWhere(string line, string expected)
    {
        var message = Error(line);

        Assert.Contains("data.jsonl:1: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TurnRewards_KeepNullsForTurnsNobodyJudged()
    {
        var row = (RewardedRow)Single($$"""{"messages":[{{User}},{{Answer}},{{User}},{{Other}}],"rewards":[null,0.5]}""");

        Assert.Equal([null, 0.5], row.TurnRewards);
        Assert.Null(row.Reward);
        Assert.Null(row.Prompt);
    }

    [Fact]
    public void Read_Ids_AreTakenFromTheColumnOrTheLineAndMustDiffer()
    {
        var badRows = new BadRows(OnBadRow.Skip);

        var rows = Read(
            """
            {"id":"x","text":"a"}
            {"id":7,"text":"b"}
            {"text":"c"}
            {"id":"x","text":"d"}
            """,
            RowSchema.Auto,
            badRows);

        Assert.Equal(["x", "7"], rows.Take(2).Select(row => row.Id));
        Assert.EndsWith("data.jsonl:3", rows[2].Id, StringComparison.Ordinal);
        Assert.EndsWith("data.jsonl:1", Assert.Single(badRows.Skipped).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AllRowsSkipped_IsAnErrorThatCountsReasons()
    {
        var badRows = new BadRows(OnBadRow.Skip);

        var exception = Assert.Throws<InputException>(() => Read("{\"text\":\"\"}\n{\"text\":\" \"}\n", RowSchema.Auto, badRows));

        Assert.EndsWith(
            "data.jsonl' holds no rows that can be used: all 2 were left out: 'text' is empty (2).", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SharedTurns_ArePromptUpToTheFirstDifference()
    {
        const string Shared = $"{User},{Answer},{User}";

        var row = (PreferenceRow)Single($$"""{"chosen":[{{Shared}},{{Other}}],"rejected":[{{Shared}},{{Answer}}]}""");

        Assert.Equal([ChatMessage.User, ChatMessage.Assistant, ChatMessage.User], row.Prompt.Messages.Select(message => message.Role));
        Assert.Equal("Bye", row.Chosen.Messages.Single().Content);
        Assert.Equal("Hello", row.Rejected.Messages.Single().Content);
    }

    [Theory]
    // TRL's rule: a blank before the difference belongs to the answers, the last character is never prompt, half a character is none.
    [InlineData("The sky is blue", "The sky is green", "The sky is", " blue", " green")]
    [InlineData("abc", "abcd", "ab", "c", "cd")]
    [InlineData("a\\ud83d\\ude00", "a\\ud83d\\ude01", "a", "\ud83d\ude00", "\ud83d\ude01")]
    public void Read_SharedText_IsPromptUpToTheFirstDifference(
        string chosen, string rejected, string prompt, string chosenAnswer, string rejectedAnswer)
    {
        var row = (PreferenceRow)Single($$"""{"chosen":"{{chosen}}","rejected":"{{rejected}}"}""");

        Assert.Equal((prompt, chosenAnswer, rejectedAnswer), (row.Prompt.Text, row.Chosen.Text, row.Rejected.Text));
    }

    private static string Error(string line, RowSchema schema = RowSchema.Auto) =>
        Assert.Throws<InputException>(() => Read(line, schema, new BadRows(OnBadRow.Error))).Message;

    private static TextRow Single(string line, RowSchema schema = RowSchema.Auto) => Assert.Single(Read(line, schema, new BadRows(OnBadRow.Error)));

    private static IReadOnlyList<TextRow> Read(string lines, RowSchema schema, BadRows badRows)
    {
        using var folder = TestFiles.NewFolder();
        var path = folder.File("data.jsonl");
        File.WriteAllText(path, lines);
        return TextRowReader.Read(path, schema, badRows);
    }
}
