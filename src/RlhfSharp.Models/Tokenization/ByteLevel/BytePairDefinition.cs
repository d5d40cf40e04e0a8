namespace RlhfSharp.Models.Tokenization;

/// <summary>What a byte-level byte-pair tokenizer is made of, whichever files said so.</summary>
internal sealed record BytePairDefinition
{
    /// <summary>Gets the file that holds the merges, for error messages.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the ids by token, written in <see cref="ByteAlphabet"/>; added tokens may be among them as they are.</summary>
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    /// <summary>Gets the merges, best first.</summary>
    public required IReadOnlyList<(string Left, string Right)> Merges { get; init; }

    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    public required WordSplitter Words { get; init; }

    /// <summary>Gets whether texts are brought into Unicode's form C first.</summary>
    public bool ComposesText { get; init; }

    /// <summary>Gets whether a word that is in the vocabulary is one token, whatever the merges say.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Gets the token for bytes that the vocabulary lacks.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Gets whether several unknown bytes in a row make one token.</summary>
    public bool FusesUnknown { get; init; }
}
