using System.Globalization;
using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>SentencePiece byte-pair encoding as Hugging Face's <c>LlamaTokenizer</c> uses it.</summary>
/// <remarks>Special tokens are cut out of the text first. Spaces become ▁ and one more is put before the text: before every stretch between
/// special tokens with <c>legacy</c> (the default, as there), else before the first only. Decoding takes one leading space away again.</remarks>
internal sealed class SentencePieceTokenizer : Tokenizer
{
    /// <summary>U+2581, which stands for a space.</summary>
    private const char Space = '▁';

    private readonly SentencePieceModel _model;
    private readonly SentencePieceVocabulary _vocabulary;
    private readonly UnigramSegmenter? _segmenter;   // null for byte-pair encoding
    private readonly Dictionary<string, int> _ids;
    private readonly AddedTokenSplitter _added;
    private readonly AddedTokenSplitter _userDefined;
    private readonly TokenTable _table;
    private readonly SpecialTokenIds _special;
    private readonly TokenizerFiles _files;
    private readonly bool _addsPrefix;
    private readonly bool _isLegacy;

    public SentencePieceTokenizer(SentencePieceModel model, TokenizerSettings settings, TokenizerFiles files)
    {
        (_model, _files) = (model, files);
        _vocabulary = new SentencePieceVocabulary(model);
        _segmenter = model.IsUnigram ? new UnigramSegmenter(model, _vocabulary) : null;
        _ids = model.Pieces.Index().ToDictionary(piece => piece.Item.Text, piece => piece.Index, StringComparer.Ordinal);
        TruncationSide = settings.TruncationSide;
        _isLegacy = settings.Flag("legacy", fallback: true);
        _addsPrefix = model.AddsDummyPrefix && settings.Flag("add_prefix_space", fallback: true);
        var added = settings.Complete(
            PiecesOf(SentencePieceKind.Control, SentencePieceKind.Unknown)
                .Select(piece => new AddedToken(piece.Index, piece.Item.Text, IsSpecial: true)),
            token => _ids.TryGetValue(token, out var id) ? id : null);
        TokenTable.RequireConsistent(added, files.Location);
        _added = new AddedTokenSplitter(added);
        _userDefined = new AddedTokenSplitter(PiecesOf(SentencePieceKind.UserDefined)
            .Select(piece => new AddedToken(piece.Index, piece.Item.Text.Replace(' ', Space), IsSpecial: false)));
        _table = new TokenTable(
            model.Pieces.Index().Select(piece => KeyValuePair.Create(piece.Index, BytesOf(piece.Item.Text, piece.Item.Kind))), added);
        // DeBERTa's own checkpoints name these in no file: they are Hugging Face's defaults.
        int? Control(string text) => PiecesOf(SentencePieceKind.Control).Where(piece => piece.Item.Text == text).Select(piece => (int?)piece.Index).FirstOrDefault();
        _special = settings.Resolve(IdOf, _table.Size, model.Roles with { Cls = Control("[CLS]"), Sep = Control("[SEP]") });
    }

    public override int VocabularySize => _table.Size;

    public override int? BosId => _special.Bos;

    public override int? EosId => _special.Eos;

    public override int? PadId => _special.Pad;

    public override int? ClsId => _special.Cls;

    public override int? SepId => _special.Sep;

    public override string? ChatTemplate => _files.ChatTemplate();

    public override TruncationSide TruncationSide { get; }

    public override IReadOnlyList<int> Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        var isFirst = true;
        foreach (var (token, stretch) in _added.Split(WellFormed(text)))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
            }
            else
            {
                EncodeStretch(Normalize(stretch, _addsPrefix && (isFirst || _isLegacy)), ids);
            }
            isFirst = false;
        }
        return ids;
    }

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        var text = _table.Decode(ids, skipSpecialTokens);
        return _addsPrefix && text.StartsWith(' ') ? text[1..] : text;
    }

    public override int? IdOf(string token) => _table.TryFindAdded(token, out var added) ? added : _ids.TryGetValue(token, out var id) ? id : null;

    public override void Save(string directory) => _files.Save(directory);

    private string Normalize(string text, bool addsPrefix)
    {
        text = _model.CharacterMap?.Apply(text) ?? text;
        if (_model.RemovesExtraSpaces)
        {
            text = string.Join(' ', text.Split([' ', Space], StringSplitOptions.RemoveEmptyEntries));
        }
        text = text.Replace(' ', Space);
        return addsPrefix && text.Length > 0 ? $"{Space}{text}" : text;
    }

    private void EncodeStretch(string normalized, List<int> output)
    {
        // Nothing merges across a user-defined piece.
        foreach (var (piece, text) in _userDefined.Split(normalized))
        {
            if (piece is not null)
            {
                output.Add(piece.Id);
                continue;
            }
            if (_segmenter is not null)
            {
                _segmenter.Encode(text, output);
            }
            else
            {
                MergePairs(text, output);
            }
        }
    }

    private void MergePairs(string text, List<int> output)
    {
        var symbols = Characters(text);
        Merger.Run(symbols, new SentencePieceMergeRule(text, _vocabulary));
        foreach (var symbol in symbols.Where(symbol => symbol.Length > 0))
        {
            var symbolText = text.AsSpan(symbol.Start, symbol.Length);
            if (_vocabulary.TryFind(symbolText, out var id, out _))
            {
                output.Add(id);
            }
            else
            {
                _vocabulary.AddUnknown(symbolText, output);
            }
        }
    }

    private static MergeSymbol[] Characters(string text)
    {
        var symbols = new List<MergeSymbol>(text.Length);
        var start = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            symbols.Add(new() { Start = start, Length = rune.Utf16SequenceLength });
            start += rune.Utf16SequenceLength;
        }
        return [.. symbols];
    }

    private IEnumerable<(int Index, (string Text, float Score, SentencePieceKind Kind) Item)> PiecesOf(params SentencePieceKind[] kinds) =>
        _model.Pieces.Index().Where(piece => kinds.Contains(piece.Item.Kind));

    private static byte[] BytesOf(string text, SentencePieceKind kind) =>
        kind == SentencePieceKind.Byte && text.Length == 6
            && byte.TryParse(text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value)
            ? [value]
            : Encoding.UTF8.GetBytes(text.Replace(Space, ' '));
}
