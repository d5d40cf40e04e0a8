using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>What byte-level byte-pair encoding is made of, whichever files said so: every text has ids and comes back whole (GPT-2 and its many
/// successors).</summary>
internal sealed record BytePairDefinition
{
    /// <summary>Gets the file that holds the merges, for error messages.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the ids by token, written in <see cref="ByteAlphabet"/>; added tokens may be among them as they are.</summary>
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    /// <summary>Gets the merges, best first.</summary>
    public required IReadOnlyList<(string Left, string Right)> Merges { get; init; }

    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Gets whether a word that is in the vocabulary is one token, whatever the merges say.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Gets the token for bytes that the vocabulary lacks.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Gets whether several unknown bytes in a row make one token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Makes a tokenizer of it.</summary>
    public PipelineDefinition ToPipeline(WordSplitter words) => new()
    {
        Source = Source,
        Vocabulary = Vocabulary,
        AddedTokens = AddedTokens,
        Model = added => new BytePairEncoder(this with { AddedTokens = added }),
        Decoder = new PieceDecoder(BytesOf),
        Words = words,
    };

    private byte[] BytesOf(string token, int id) => ByteAlphabet.TryRead(token)
        ?? throw new InputException($"'{Source}': the token '{token}' ({id}) is not written in bytes. Only byte-level ones are implemented.");
}
