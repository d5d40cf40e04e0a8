using RlhfSharp.Models.Tokenization;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Tests.Data.Tokenizing;

/// <summary>What the tests of <see cref="DialogueTokenizer"/> share: rows in one line, tokens read as text, answer tokens in brackets.</summary>
internal static class TokenizerCase
{
    public static readonly RowSource Source = new("rows.jsonl", 3);

    public static Passage Text(string text) => new(text);

    /// <summary>Turns written as <c>"u:hi", "a:hello"</c>.</summary>
    public static Passage Turns(params string[] turns) => new(turns.Select(turn => new ChatMessage(
        turn[0] switch { 'u' => ChatMessage.User, 'a' => ChatMessage.Assistant, _ => ChatMessage.System }, turn[2..])).ToList());

    public static PreferenceRow Preference(Passage prompt, Passage chosen, Passage rejected) => new("id", Source, prompt, chosen, rejected);

    public static DialogueTokenizer Create(
        int maxTokens = 1000,
        OnTooLong onTooLong = OnTooLong.Error,
        bool addBos = false,
        BadRows? badRows = null,
        Tokenizer? tokenizer = null) => new(
            tokenizer ?? new CharacterTokenizer(),
            DialogueFormat.Short,
            new DialogueTokenizerOptions { MaxTokens = maxTokens, OnTooLong = onTooLong, AddBos = addBos },
            badRows ?? new BadRows(OnBadRow.Error));

    /// <summary>For instance <c>U:hiA:[yes$]</c>.</summary>
    public static string Show(TokenizedDialogue dialogue)
    {
        Assert.Equal(dialogue.Tokens.Length, dialogue.IsAnswer.Length);
        return string.Concat(dialogue.Tokens.Select((token, i) =>
        {
            var isFirst = dialogue.IsAnswer[i] && (i == 0 || !dialogue.IsAnswer[i - 1]);
            var isLast = dialogue.IsAnswer[i] && (i == dialogue.Tokens.Length - 1 || !dialogue.IsAnswer[i + 1]);
            return $"{(isFirst ? "[" : "")}{(char)token}{(isLast ? "]" : "")}";
        })).Replace("][", "", StringComparison.Ordinal);
    }
}
