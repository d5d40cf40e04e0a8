using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Data;

/// <summary>Finds which token a character of a text became.</summary>
internal static class TokenOffsets
{
    /// <summary>Finds the token that contains a character: the first one after which the decoded text has it. Of a character that is spread over
    /// several tokens this is the last.</summary>
    /// <param name="tokenizer">What made the tokens.</param>
    /// <param name="tokens">The tokens of the whole text.</param>
    /// <param name="text">The text.</param>
    /// <param name="at">The character, below the text's length.</param>
    /// <returns>Index into <paramref name="tokens"/>.</returns>
    public static int Containing(Tokenizer tokenizer, ReadOnlySpan<int> tokens, string text, int at)
    {
        var decoded = Decode(tokens);
        // Some tokenizers take a blank at the beginning away when they decode.
        var dropped = text.Length - decoded.Length;
        if (dropped < 0 || !text.EndsWith(decoded, StringComparison.Ordinal) || !string.IsNullOrWhiteSpace(text[..dropped]))
        {
            throw new BadRowException("has a completion that the tokenizer does not give back, so that the tokens of its characters are not known");
        }
        var (low, high) = (1, tokens.Length); // The number of tokens it takes lies in this range.
        while (low < high)
        {
            var middle = (low + high) / 2;
            var shared = Decode(tokens[..middle]).AsSpan().CommonPrefixLength(decoded);
            (low, high) = shared > at - dropped ? (low, middle) : (middle + 1, high);
        }
        return low - 1;

        string Decode(ReadOnlySpan<int> ids) => tokenizer.Decode(ids.ToArray(), skipSpecialTokens: false);
    }
}
