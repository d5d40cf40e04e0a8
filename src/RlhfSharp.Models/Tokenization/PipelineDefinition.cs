namespace RlhfSharp.Models.Tokenization;

/// <summary>What a tokenizer is made of, whichever files said so.</summary>
internal sealed record PipelineDefinition
{
    /// <summary>Gets the file that holds the vocabulary, for error messages.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the ids by token; added tokens may be among them.</summary>
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    /// <summary>Gets the tokens that are looked for in the text itself, as far as this file names them.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Gets whether all added tokens are looked for in the text as it came, whatever is said of them, as Hugging Face's slow tokenizers do.</summary>
    public bool FindsAddedInOriginal { get; init; }

    /// <summary>Gets what makes tokens of words, given all added tokens.</summary>
    public required Func<IReadOnlyList<AddedToken>, IPieceModel> Model { get; init; }

    /// <summary>Gets how tokens become text again.</summary>
    public required PieceDecoder Decoder { get; init; }

    /// <summary>Gets what changes a text first, in this order.</summary>
    public IReadOnlyList<INormalizer> Normalizers { get; init; } = [];

    /// <summary>Gets pieces that are never taken apart, written as they stand in a normalised text.</summary>
    public IReadOnlyList<AddedToken> WholePieces { get; init; } = [];

    public WordSplitter Words { get; init; } = new();

    /// <summary>Gets the special tokens that go around a text; null where the file does not say.</summary>
    public SpecialTokenTemplate? Template { get; init; }

    /// <summary>Gets the ids that hold where no settings file names roles.</summary>
    public SpecialTokenIds Roles { get; init; } = new(null, null, null);

    /// <summary>Gets whether a text begins with the token for a beginning where no file says otherwise.</summary>
    public bool UsuallyAddsBos { get; init; }
}
