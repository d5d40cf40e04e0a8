using System.Globalization;
using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Makes tokenizers of SentencePiece models, as Hugging Face's slow tokenizers use them.</summary>
/// <remarks>Special tokens are cut out of the text first. Spaces become ▁ and one more is put before the text: before every stretch between
/// special tokens with <c>legacy</c> (the default, as there), else before the first only. Decoding takes one leading space away again.</remarks>
internal static class SentencePieceDefinition
{
    public static PipelineDefinition Create(SentencePieceModel model, TokenizerSettings settings, string source)
    {
        var pieces = model.Pieces.Select((piece, id) => (Id: id, piece.Text, piece.Score, piece.Kind)).ToList();
        var ids = pieces.ToDictionary(piece => piece.Text, piece => piece.Id, StringComparer.Ordinal);
        var bytes = model.FallsBackToBytes ? UnknownPieces.BytesOf(text => ids[text]) : null;
        var vocabulary = new PieceVocabulary(pieces, new UnknownPieces(source, bytes, model.UnknownId, fuses: true));
        IPieceModel pieceModel = model.IsUnigram ? new UnigramSegmenter(vocabulary, source) : new CharacterPairModel(vocabulary, merges: null, ignoresMerges: false);
        var addsPrefix = AddsPrefix(model, settings);
        return new()
        {
            Source = source,
            Vocabulary = ids,
            AddedTokens = [.. pieces.Where(piece => piece.Kind is SentencePieceKind.Control or SentencePieceKind.Unknown)
                .Select(piece => new AddedToken(piece.Id, piece.Text, IsSpecial: true))],
            FindsAddedInOriginal = true,
            WholePieces = [.. pieces.Where(piece => piece.Kind == SentencePieceKind.UserDefined)
                .Select(piece => new AddedToken(piece.Id, piece.Text.Replace(' ', SentencePieceModel.Space), IsSpecial: false))],
            Normalizers = Normalizers(model, addsPrefix ? IsLegacy(settings) ? PrefixScheme.Always : PrefixScheme.First : PrefixScheme.Never),
            Model = _ => pieceModel,
            Decoder = new PieceDecoder((text, id) => BytesOf(text, model.Pieces[id].Kind)) { TrimsAtStart = addsPrefix ? 1 : 0 },
            // DeBERTa's own checkpoints name these in no file: they are Hugging Face's defaults.
            Roles = model.Roles with { Cls = Control("[CLS]"), Sep = Control("[SEP]") },
            UsuallyAddsBos = true,
        };

        int? Control(string text) => ids.TryGetValue(text, out var id) && model.Pieces[id].Kind == SentencePieceKind.Control ? id : null;
    }

    /// <summary>Says whether a space goes before a text.</summary>
    public static bool AddsPrefix(SentencePieceModel model, TokenizerSettings settings) =>
        model.AddsDummyPrefix && settings.Flag("add_prefix_space", fallback: true);

    /// <summary>Says whether a space goes before every stretch between special tokens instead of the first only.</summary>
    public static bool IsLegacy(TokenizerSettings settings) => settings.Flag("legacy", fallback: true);

    /// <summary>Gets what a piece stands for.</summary>
    public static byte[] BytesOf(string text, SentencePieceKind kind) =>
        kind == SentencePieceKind.Byte && TryReadByte(text, out var value) ? [value] : Encoding.UTF8.GetBytes(text.Replace(SentencePieceModel.Space, ' '));

    /// <summary>Reads the text of a byte's piece, for instance <c>&lt;0x0A&gt;</c>.</summary>
    public static bool TryReadByte(string text, out byte value)
    {
        value = 0;
        return text.Length == 6 && text.StartsWith("<0x", StringComparison.Ordinal) && text[5] == '>'
            && byte.TryParse(text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static INormalizer[] Normalizers(SentencePieceModel model, PrefixScheme scheme)
    {
        const string Mark = "▁";
        return
        [
            .. model.CharacterMap is { } map ? [map] : (INormalizer[])[],
            .. model.RemovesExtraSpaces ? [new ExtraSpaceRemover()] : (INormalizer[])[],
            new ReplaceNormalizer(" ", Mark),
            new SpacePrefix(Mark, scheme, unlessThere: false),
        ];
    }
}
