using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using static RlhfSharp.Training.Tests.Data.Tokenizing.TokenizerCase;

namespace RlhfSharp.Training.Tests.Data.Tokenizing;

public class DialogueTokenizerTests
{
    [Fact]
    public void Dialogues_EveryKindOfRow_MarksWhatTheModelSaid()
    {
        TextRow[] rows =
        [
            new LanguageModelingRow("text", Source, Text("abc")),
            new LanguageModelingRow("turns", Source, Turns("u:a", "a:b", "u:c", "a:d")),
            new PromptCompletionRow("plain", Source, Text("ab"), Text("cd")),
            new PromptCompletionRow("context", Source, Turns("u:a", "a:b", "u:c"), Turns("a:d")),
            new PromptCompletionRow("twice", Source, Turns("u:a"), Turns("a:b", "a:c")),
            new RewardedRow("walk", Source, null, Text("abc")) { Reward = 1 },
        ];

        var shown = Create().TokenizeDialogues(rows).Select(Show);

        Assert.Equal(["a[bc$]", "U:aA:[b]U:cA:[d$]", "ab[cd$]", "U:aA:bU:cA:[d$]", "U:aA:[b]A:[c$]", "^[abc$]"], shown);
    }

    [Fact]
    public void Dialogues_WithBos_PutsOneInFront()
    {
        TextRow[] rows =
        [
            new LanguageModelingRow("text", Source, Text("abc")),
            new PromptCompletionRow("plain", Source, Text("ab"), Text("cd")),
            new PromptCompletionRow("has one", Source, Text("^ab"), Text("cd")),
            new RewardedRow("walk", Source, null, Text("abc")) { Reward = 1 },
        ];

        Assert.Equal(["^[abc$]", "^ab[cd$]", "^ab[cd$]", "^[abc$]"], Create(addBos: true).TokenizeDialogues(rows).Select(Show));
    }

    // A SentencePiece tokenizer puts a space before a text, not before what goes on from one: training reads what Hugging Face's code makes of the dialogue in one piece, and begins with
    // what the model is asked with.
    [Theory]
    [InlineData("mistral")]
    [InlineData("llama-2")]
    [InlineData("human-assistant")]
    public void Dialogues_SentencePiece_AreReadAsInOnePieceAndBeginWithThePrompt(string name)
    {
        var tokenizer = TokenizerLoader.Load(TestFiles.SharedData("stories260K-hf"));
        var format = ChatFormats.Get(name);
        var messages = Turns("u:Who sat there?", "a:A cat.", "u:Where?", "a:On the mat.").Messages;
        var dialogues = new DialogueTokenizer(tokenizer, format, new DialogueTokenizerOptions { AddBos = true }, new BadRows(OnBadRow.Error))
            .TokenizeDialogues([new LanguageModelingRow("x", Source, new Passage(messages))]);

        var whole = tokenizer.Encode(string.Concat(format.Render(messages).Select(segment => segment.Text)), format.Start);
        Assert.Equal([tokenizer.BosId!.Value, .. whole], dialogues[0].Tokens.Take(whole.Count + 1));
        var prompt = new PromptEncoder(tokenizer, format).Turns([.. messages.SkipLast(1)]);
        Assert.Equal(prompt, dialogues[0].Tokens.Take(prompt.Count));
        Assert.True(dialogues[0].IsAnswer[prompt.Count] && !dialogues[0].IsAnswer[prompt.Count - 1]);
    }

    [Fact]
    public void Dialogues_AnswerThatEndsWithEos_GetsNoSecondOne() =>
        Assert.Equal("ab[cd$]", Show(Create().TokenizeDialogues([new PromptCompletionRow("x", Source, Text("ab"), Text("cd$"))])[0]));

    [Fact]
    public void Dialogues_NoBos_PutsEosBeforeAnAnswerThatComesFirst()
    {
        TextRow[] rows = [new RewardedRow("x", Source, null, Text("abc")) { Reward = 1 }];

        Assert.Equal("$[abc$]", Show(Create(tokenizer: new CharacterTokenizer(hasBos: false)).TokenizeDialogues(rows)[0]));
        Assert.Contains(
            "names neither",
            Assert.Throws<InputException>(() => Create(tokenizer: new CharacterTokenizer(false, false)).TokenizeDialogues(rows)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_SharePromptGroupAndSource()
    {
        var pairs = Create().TokenizePairs(
        [
            Preference(Turns("u:a"), Turns("a:b"), Turns("a:cd")),
            Preference(Turns("u:a"), Turns("a:x"), Turns("a:y")) with { Id = "other" },
            Preference(Turns("u:b"), Turns("a:x"), Turns("a:y")),
        ]);

        Assert.Equal("U:aA:[b$]", Show(pairs[0].Chosen));
        Assert.Equal("U:aA:[cd$]", Show(pairs[0].Rejected));
        Assert.Equal(("id/chosen", "id/rejected"), (pairs[0].Chosen.Id, pairs[0].Rejected.Id));
        Assert.Equal(pairs[0].Chosen.Group, pairs[0].Rejected.Group);
        Assert.Equal(pairs[0].Chosen.Group, pairs[1].Chosen.Group);
        Assert.NotEqual(pairs[0].Chosen.Group, pairs[2].Chosen.Group);
        Assert.Equal(Source, pairs[0].Rejected.Source);
        Assert.Null(pairs[0].Chosen.Rewards);
    }

    [Fact]
    public void Group_IsTheSameOnEveryMachine()
    {
        var dialogue = Create().TokenizeDialogues([new PromptCompletionRow("x", Source, Text("ab"), Text("c"))])[0];

        Assert.Equal("fb8e20fc2e4c3f248c60c39bd652f3c1", dialogue.Group); // echo -n ab | sha256sum | cut -c1-32
    }

    [Fact]
    public void TooLong_Error_NamesRowLengthAndLimit()
    {
        var row = new PromptCompletionRow("x", Source, Text("abcd"), Text("ef"));

        Assert.Equal("abcd[ef$]", Show(Create(maxTokens: 7).TokenizeDialogues([row])[0]));
        Assert.StartsWith(
            "rows.jsonl:3: the row has 7 tokens, more than maxTokens (6).",
            Assert.Throws<InputException>(() => Create(maxTokens: 6).TokenizeDialogues([row])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "has 8 tokens",
            Assert.Throws<InputException>(() => Create(maxTokens: 7, addBos: true).TokenizeDialogues([row])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TooLong_Skip_LeavesBothSidesOutAndCounts()
    {
        var badRows = new BadRows(OnBadRow.Error);

        var pairs = Create(maxTokens: 5, OnTooLong.Skip, badRows: badRows).TokenizePairs(
            [Preference(Text("ab"), Text("c"), Text("defg")), Preference(Text("ab"), Text("c"), Text("de"))]);

        Assert.Equal("ab[de$]", Show(Assert.Single(pairs).Rejected));
        Assert.Equal(new SkippedRow(Source, "longer than maxTokens (5)"), Assert.Single(badRows.Skipped));
    }

    [Fact]
    public void Rows_ThatCannotBeTokenised_AreErrors()
    {
        Assert.Contains("it is a prompt only", Message(new PromptRow("x", Source, Text("ab"))), StringComparison.Ordinal);
        Assert.Contains("has no answer token", Message(new LanguageModelingRow("x", Source, Text("$"))), StringComparison.Ordinal);
        Assert.Contains(
            "does not fit the chat format dialogue: There are no words for the role 'system'",
            Message(new LanguageModelingRow("x", Source, Turns("s:be", "u:a", "a:b"))),
            StringComparison.Ordinal);
        Assert.Contains(
            "is no pair",
            Assert.Throws<InputException>(() => Create().TokenizePairs([new PromptRow("x", Source, Text("ab"))])).Message,
            StringComparison.Ordinal);
        Assert.Contains("holds no rows", Assert.Throws<InputException>(() => Create().TokenizePairs([])).Message, StringComparison.Ordinal);

        static string Message(TextRow row) => Assert.Throws<InputException>(() => Create().TokenizeDialogues([row])).Message;
    }

    [Fact]
    public void Constructor_SettingsThatCannotWork_AreErrors()
    {
        Assert.Contains("maxTokens is 1", Assert.Throws<InputException>(() => Create(maxTokens: 1)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "names none",
            Assert.Throws<InputException>(() => Create(addBos: true, tokenizer: new CharacterTokenizer(hasBos: false))).Message,
            StringComparison.Ordinal);
    }
}
