using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Makes tokenizers from nothing.</summary>
public static class TokenizerFactory
{
    /// <summary>Makes a tokenizer in which every character is a token of its own, for worlds that are spelled out.</summary>
    /// <param name="characters">ASCII characters, all different; they get the ids from 0 in this order.</param>
    /// <param name="endToken">Ends a text; gets the next id.</param>
    /// <param name="padToken">Padding; gets the last id.</param>
    /// <returns>The tokenizer; encoding any other character is an error. Saved, Hugging Face's tokenizers library loads it.</returns>
    /// <exception cref="InputException">A character is not ASCII or there twice, there is none, or the two tokens are equal, empty or one of the
    /// characters.</exception>
    public static Tokenizer FromCharacters(IEnumerable<char> characters, string endToken, string padToken)
    {
        var tokens = new List<string>();
        foreach (var character in characters)
        {
            tokens.Add(char.IsAscii(character) ? ByteAlphabet.Write([character])
                : throw new InputException($"'{character}' (U+{(int)character:X4}) is not ASCII: more than one byte cannot be one token."));
        }
        if (tokens.Count == 0)
        {
            throw new InputException("A tokenizer needs at least one character.");
        }
        tokens.AddRange([endToken, padToken]);
        var roles = new Dictionary<string, string?> { ["bos_token"] = null, ["eos_token"] = endToken, ["pad_token"] = padToken };
        return Create(tokens, [], [endToken, padToken], [], roles, "a tokenizer of single characters");
    }

    /// <summary>Makes a byte-level tokenizer.</summary>
    /// <param name="vocabulary">All tokens, the special ones included, by id.</param>
    /// <param name="merges">Best first.</param>
    /// <param name="specialTokens">Those that are looked for in texts and that decoding may leave out.</param>
    /// <param name="addedTokens">Others that are looked for in texts.</param>
    /// <param name="roles">For instance <c>eos_token</c> and its text; null for a role without a token.</param>
    /// <param name="description">What to call it in errors.</param>
    internal static Tokenizer Create(
        List<string> vocabulary,
        IReadOnlyList<(string Left, string Right)> merges,
        IReadOnlyCollection<string> specialTokens,
        IReadOnlyCollection<string> addedTokens,
        IReadOnlyDictionary<string, string?> roles,
        string description)
    {
        RequireText(specialTokens);
        if (vocabulary.GroupBy(token => token).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InputException($"The token '{twice.Key}' is there twice. All characters and special tokens must differ.");
        }
        var files = new TokenizerFiles(description);
        files.Add(TokenizerFiles.Json, TokenizerJsonWriter.WriteTokenizer(vocabulary, merges, specialTokens.ToHashSet(), addedTokens.ToHashSet()));
        files.Add(TokenizerFiles.Config, TokenizerJsonWriter.WriteConfig(roles));
        return TokenizerLoader.Create(files);
    }

    /// <summary>Refuses special tokens without text.</summary>
    internal static void RequireText(IEnumerable<string> specialTokens)
    {
        if (specialTokens.Any(token => token.Length == 0))
        {
            throw new InputException("A special token is empty. Give it a text such as <|endoftext|>.");
        }
    }
}
