using System.Buffers;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Cuts a text at added tokens: the leftmost first, of those that begin at one place the longest.</summary>
internal sealed class AddedTokenSplitter
{
    private readonly AddedToken[] _longestFirst;
    private readonly SearchValues<string> _contents;

    public AddedTokenSplitter(IEnumerable<AddedToken> tokens)
    {
        // A token that normalisation leaves nothing of is never found.
        _longestFirst = [.. tokens.Where(token => token.Content.Length > 0).OrderByDescending(token => token.Content.Length)];
        _contents = SearchValues.Create([.. _longestFirst.Select(token => token.Content)], StringComparison.Ordinal);
    }

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Its parts in order, none empty: stretches of text (token is null) and tokens with the white space that they swallow.</returns>
    public IEnumerable<(AddedToken? Token, int Start, int End)> Split(string text)
    {
        var (start, from) = (0, 0);
        while (start < text.Length)
        {
            var at = from < text.Length ? text.AsSpan(from).IndexOfAny(_contents) : -1;
            if (at < 0)
            {
                yield return (null, start, text.Length);
                yield break;
            }
            at += from;
            var token = LongestAt(text, at);
            var end = at + token.Content.Length;
            if (token.IsSingleWord && IsInsideWord(text, at, end))
            {
                from = end;
                continue;
            }
            while (token.StripsLeft && at > start && char.IsWhiteSpace(text[at - 1]))
            {
                at--;
            }
            while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }
            if (at > start)
            {
                yield return (null, start, at);
            }
            yield return (token, at, end);
            (start, from) = (end, end);
        }
    }

    // As tokenizers decides: a letter, digit, mark or underscore right before or behind makes it a part of a word.
    private static bool IsInsideWord(string text, int start, int end) =>
        (start > 0 && IsWordPart(text[start - 1])) || (end < text.Length && IsWordPart(text[end]));

    private static bool IsWordPart(char character) => char.IsLetterOrDigit(character) || char.GetUnicodeCategory(character) is
        System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.ConnectorPunctuation;

    private AddedToken LongestAt(string text, int at) =>
        _longestFirst.First(token => text.AsSpan(at).StartsWith(token.Content, StringComparison.Ordinal));
}
