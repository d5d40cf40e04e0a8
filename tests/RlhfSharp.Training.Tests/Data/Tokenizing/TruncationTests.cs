using CsCheck;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;
using static RlhfSharp.Training.Tests.Data.Tokenizing.TokenizerCase;

namespace RlhfSharp.Training.Tests.Data.Tokenizing;

public class TruncationTests
{
    // U:aaaA:bbb is 10 tokens, U:cccA: is 7, ddd$ is 4.
    [Theory]
    [InlineData(21, false, "U:aaaA:[bbb]U:cccA:[ddd$]")]
    [InlineData(20, false, "U:cccA:[ddd$]")]
    [InlineData(11, false, "U:cccA:[ddd$]")]
    [InlineData(10, false, ":cccA:[ddd$]")]
    [InlineData(5, false, ":[ddd$]")]
    [InlineData(22, true, "^U:aaaA:[bbb]U:cccA:[ddd$]")]
    [InlineData(21, true, "^U:cccA:[ddd$]")]
    [InlineData(11, true, "^:cccA:[ddd$]")]
    [InlineData(5, true, "^[ddd$]")]
    public void TruncateLeft_Dialogue_DropsExchangesThenCutsTheLastUserTurn(int maxTokens, bool addBos, string expected) => Assert.Equal(
        expected,
        Show(Create(maxTokens, OnTooLong.TruncateLeft, addBos)
            .TokenizeDialogues([new LanguageModelingRow("x", Source, Turns("u:aaa", "a:bbb", "u:ccc", "a:ddd"))])[0]));

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void TruncateLeft_AnswerThatDoesNotFit_IsABadRow(int maxTokens, bool addBos)
    {
        TextRow[] rows = [new LanguageModelingRow("x", Source, Turns("u:a", "a:ddd")), new PromptCompletionRow("y", Source, Text("p"), Text("q"))];

        Assert.StartsWith(
            "rows.jsonl:3: answer longer than maxTokens (4)",
            Assert.Throws<InputException>(() => Create(maxTokens, OnTooLong.TruncateLeft, addBos).TokenizeDialogues(rows)).Message,
            StringComparison.Ordinal);
        var badRows = new BadRows(OnBadRow.Skip);
        Assert.Single(Create(maxTokens, OnTooLong.TruncateLeft, addBos, badRows).TokenizeDialogues(rows));
        Assert.Single(badRows.Skipped);
    }

    [Theory]
    [InlineData("abcdef", 4, false, "d[ef$]")]
    [InlineData("abcdef", 4, true, "^[ef$]")]
    [InlineData("^bcdef", 4, false, "^[ef$]")]
    [InlineData("^bcdef", 4, true, "^[ef$]")]
    [InlineData("^bc", 4, true, "^[bc$]")]
    public void TruncateLeft_PlainText_KeepsItsEnd(string text, int maxTokens, bool addBos, string expected) => Assert.Equal(
        expected, Show(Create(maxTokens, OnTooLong.TruncateLeft, addBos).TokenizeDialogues([new LanguageModelingRow("x", Source, Text(text))])[0]));

    [Fact]
    public void TruncateLeft_BosThatThePromptBrings_StaysInFront() => Assert.Equal(
        "^cd[ef$]",
        Show(Create(6, OnTooLong.TruncateLeft).TokenizeDialogues([new PromptCompletionRow("x", Source, Text("^abcd"), Text("ef"))])[0]));

    [Fact]
    public void TruncateLeft_Pair_IsCutByItsLongerSide()
    {
        var pair = Create(8, OnTooLong.TruncateLeft).TokenizePairs([Preference(Text("abcdef"), Text("g"), Text("hijk"))])[0];

        Assert.Equal("def[g$]", Show(pair.Chosen));
        Assert.Equal("def[hijk$]", Show(pair.Rejected));
    }

    [Fact]
    public void TruncateLeft_AnswersWithNothingBetweenThem_AreNotCutApart()
    {
        // U:abbbcccU:de$ is 14 tokens. Cutting before ccc would leave 8, and a ninth would have to go in front of them.
        var tokenizer = new DialogueTokenizer(
            new CharacterTokenizer(),
            new DialogueFormat("U:", string.Empty),
            new DialogueTokenizerOptions { MaxTokens = 8, OnTooLong = OnTooLong.TruncateLeft },
            new BadRows(OnBadRow.Error));

        var dialogue = tokenizer.TokenizeDialogues([new LanguageModelingRow("x", Source, Turns("u:a", "a:bbb", "a:ccc", "u:d", "a:e"))])[0];

        Assert.Equal("U:d[e$]", Show(dialogue));
    }

    // The text of this data set is offensive: a failure names lines only.
    [Fact]
    public void TruncateLeft_HhRlhf_KeepsEveryPairWhoseAnswersFit()
    {
        const int MaxTokens = 1500; // characters here
        var badRows = new BadRows(OnBadRow.Skip);
        var rows = TextRowReader.Read(TestFiles.SharedData("hh-rlhf", "test.jsonl.gz"), RowSchema.Auto, badRows);
        var unreadable = badRows.Skipped.Count;
        var options = new DialogueTokenizerOptions { MaxTokens = MaxTokens, OnTooLong = OnTooLong.TruncateLeft, AddBos = true };

        var pairs = new DialogueTokenizer(new CharacterTokenizer(), new DialogueFormat(), options, badRows).TokenizePairs(rows);

        Assert.Equal(rows.Count, pairs.Count + badRows.Skipped.Count - unreadable);
        Assert.All(badRows.Skipped.Skip(unreadable), row => Assert.Equal("answer longer than maxTokens (1500)", row.Reason));
        Assert.Equal(
            rows.Cast<PreferenceRow>().Where(row => Math.Max(Length(row.Chosen), Length(row.Rejected)) + 2 <= MaxTokens).Select(row => row.Source),
            pairs.Select(pair => pair.Chosen.Source));
        Assert.Empty(pairs.Where(pair => !IsSound(pair)).Select(pair => pair.Chosen.Source));

        static int Length(Passage side) =>
            side.Messages.Sum(message => message.Content.Length) + (side.Messages.Count - 1) * "\n\nAssistant: ".Length;

        static bool IsSound(TokenizedPair pair)
        {
            var prompt = Array.IndexOf(pair.Chosen.IsAnswer, true);
            return Math.Max(pair.Chosen.Tokens.Length, pair.Rejected.Tokens.Length) <= MaxTokens
                && pair.Chosen.IsAnswer[^1] && pair.Rejected.IsAnswer[^1]
                && prompt == Array.IndexOf(pair.Rejected.IsAnswer, true)
                && pair.Chosen.Tokens.Take(prompt).SequenceEqual(pair.Rejected.Tokens.Take(prompt))
                && pair.Chosen.Tokens[0] == '^';
        }
    }

    private static readonly Gen<string> Words = Gen.Char['a', 'z'].Array[1, 8].Select(characters => new string(characters));

    private static readonly Gen<ChatMessage> Message = Gen.Select(
        Gen.Bool, Words, (isUser, text) => new ChatMessage(isUser ? ChatMessage.User : ChatMessage.Assistant, text));

    // Any turns in front, a user turn, and one or two assistant turns per side.
    private static readonly Gen<(IReadOnlyList<ChatMessage> Prompt, string[] Chosen, string[] Rejected)> Rows = Gen.Select(
        Message.Array[0, 5], Words, Words.Array[1, 2], Words.Array[1, 2],
        (earlier, last, chosen, rejected) =>
            ((IReadOnlyList<ChatMessage>)[.. earlier, new ChatMessage(ChatMessage.User, last)], chosen, rejected));

    [Fact]
    public void TruncateLeft_AnyPair_KeepsAnswersWholeAndPromptsEqual() => Gen.Select(Rows, Gen.Int[2, 80], Gen.Bool).Sample(
        (row, maxTokens, addBos) =>
        {
            var badRows = new BadRows(OnBadRow.Skip);
            var chosen = Answer(row.Chosen);
            var rejected = Answer(row.Rejected);
            var longer = Math.Max(chosen.Length, rejected.Length);
            var preference = Preference(new Passage(row.Prompt), Side(row.Chosen), Side(row.Rejected));
            var tokenizer = Create(maxTokens, OnTooLong.TruncateLeft, addBos, badRows);
            if (1 + longer > maxTokens)
            {
                Assert.Throws<InputException>(() => tokenizer.TokenizePairs([preference]));
                Assert.Equal($"answer longer than maxTokens ({maxTokens})", badRows.Skipped.Single().Reason);
                return;
            }

            var pair = tokenizer.TokenizePairs([preference]).Single();

            var whole = Write(row.Prompt) + "A:";
            var front = addBos ? "^" : "";
            foreach (var (side, answer) in new[] { (pair.Chosen, chosen), (pair.Rejected, rejected) })
            {
                var text = string.Concat(side.Tokens.Select(token => (char)token));
                Assert.True(side.Tokens.Length <= maxTokens);
                Assert.False(side.IsAnswer[0]);
                Assert.EndsWith(answer, text, StringComparison.Ordinal);
                // Within the answer, the markers between its turns are no answer tokens.
                Assert.Equal(
                    string.Concat(answer.Replace("A:", "", StringComparison.Ordinal)),
                    string.Concat(side.Tokens.Where((_, i) => side.IsAnswer[i]).Select(token => (char)token)));
                var prompt = text[..^answer.Length];
                Assert.StartsWith(front, prompt, StringComparison.Ordinal);
                Assert.EndsWith(prompt[front.Length..], whole, StringComparison.Ordinal);
                Assert.Equal(ExpectedPrompt(whole, row.Prompt, maxTokens - longer - front.Length), prompt[front.Length..]);
            }
        },
        iter: 2000, threads: 1);

    [Fact]
    public void TruncateLeft_AnyDialogue_KeepsEveryAnswerWholeOrNotAtAll() => Gen.Select(Rows, Gen.Int[2, 80], Gen.Bool).Sample(
        (row, maxTokens, addBos) =>
        {
            var messages = row.Prompt.Concat(Side(row.Chosen).Messages).ToList();
            var content = new LanguageModelingRow("x", Source, new Passage(messages));
            if (1 + Answer(row.Chosen).Length > maxTokens)
            {
                Assert.Throws<InputException>(() => Create(maxTokens, OnTooLong.TruncateLeft, addBos).TokenizeDialogues([content]));
                return;
            }

            var dialogue = Create(maxTokens, OnTooLong.TruncateLeft, addBos).TokenizeDialogues([content]).Single();

            Assert.True(dialogue.Tokens.Length <= maxTokens);
            Assert.False(dialogue.IsAnswer[0]);
            var answers = Show(dialogue).Split('[', ']').Where((_, i) => i % 2 == 1).ToList();
            var said = messages.Where(message => message.Role == ChatMessage.Assistant).Select(message => message.Content).ToList();
            said[^1] += "$";
            Assert.Equal(said.TakeLast(answers.Count), answers);
        },
        iter: 2000, threads: 1);

    // The obvious way: try every exchange that keeps the last user turn, longest first; else as many tokens as fit. An exchange begins at the
    // start and after every assistant turn that stands before the last user turn.
    private static string ExpectedPrompt(string whole, IReadOnlyList<ChatMessage> prompt, int room)
    {
        var starts = Enumerable.Range(1, prompt.Count - 1).Where(i => prompt[i - 1].Role == ChatMessage.Assistant).Prepend(0);
        foreach (var start in starts)
        {
            var kept = Write(prompt.Skip(start)) + "A:";
            if (kept.Length <= room)
            {
                return kept;
            }
        }
        return whole[^room..];
    }

    private static string Write(IEnumerable<ChatMessage> messages) =>
        string.Concat(DialogueFormat.Short.Render([.. messages]).Select(segment => segment.Text));

    private static string Answer(string[] turns) => string.Join("A:", turns) + "$";

    private static Passage Side(string[] turns) => new(turns.Select(turn => new ChatMessage(ChatMessage.Assistant, turn)).ToList());
}
