using System.Globalization;
using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>A SentencePiece <c>tokenizer.model</c>: the pieces and how text is prepared for them.</summary>
/// <remarks>Field numbers are those of <c>sentencepiece_model.proto</c> (https://github.com/google/sentencepiece).</remarks>
internal sealed class SentencePieceModel
{
    /// <summary>U+2581, which stands for a space.</summary>
    public const char Space = '▁';

    private readonly List<(string Text, float Score, SentencePieceKind Kind)> _pieces = [];
    private long _modelType = 1;
    private bool _whiteSpaceIsSuffix;
    private bool _escapesSpaces = true;
    private string _normalizer = string.Empty;
    private bool _hasDamagedMap;

    private SentencePieceModel()
    {
    }

    public IReadOnlyList<(string Text, float Score, SentencePieceKind Kind)> Pieces => _pieces;

    /// <summary>Gets whether the best sum of scores decides; otherwise pairs are merged, the best first.</summary>
    public bool IsUnigram => _modelType == 1;

    /// <summary>Gets what is replaced before anything else; null for nothing.</summary>
    public CharacterMap? CharacterMap { get; private set; }

    /// <summary>Gets whether a space goes before the text.</summary>
    public bool AddsDummyPrefix { get; private set; } = true;

    /// <summary>Gets whether runs of spaces shrink to one and those at the ends vanish.</summary>
    public bool RemovesExtraSpaces { get; private set; } = true;

    /// <summary>Gets whether characters without a piece become bytes instead of the unknown piece.</summary>
    public bool FallsBackToBytes { get; private set; }

    public int UnknownId { get; private set; }

    /// <summary>Gets the ids of the roles; null where there is none.</summary>
    public SpecialTokenIds Roles { get; private set; } = new(1, 2, null);

    public static SentencePieceModel Read(byte[] bytes, string path)
    {
        var model = new SentencePieceModel();
        try
        {
            model.ReadFields(bytes);
        }
        catch (FormatException exception)
        {
            throw new InputException($"'{path}' is no SentencePiece model, or a damaged one: {exception.Message}.", exception);
        }
        if (model.FirstProblem() is { } problem)
        {
            throw new InputException($"'{path}' {problem}");
        }
        return model;
    }

    private void ReadFields(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    _pieces.Add(ReadPiece(reader.Bytes));
                    break;
                case 2:
                    ReadTrainer(reader.Bytes);
                    break;
                case 3:
                    ReadNormalizer(reader.Bytes);
                    break;
            }
        }
    }

    private static (string Text, float Score, SentencePieceKind Kind) ReadPiece(ReadOnlySpan<byte> bytes)
    {
        var (text, score, kind) = (string.Empty, 0f, SentencePieceKind.Normal);
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    text = Text(reader.Bytes);
                    break;
                case 2:
                    score = reader.Single;
                    break;
                case 3:
                    kind = (SentencePieceKind)reader.Number;
                    break;
            }
        }
        return (text, score, kind);
    }

    private void ReadTrainer(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    _modelType = reader.Number;
                    break;
                case 24:
                    _whiteSpaceIsSuffix = reader.Number != 0;
                    break;
                case 35:
                    FallsBackToBytes = reader.Number != 0;
                    break;
                case 40:
                    UnknownId = (int)reader.Number;
                    break;
                case 41:
                    Roles = Roles with { Bos = Role(reader.Number) };
                    break;
                case 42:
                    Roles = Roles with { Eos = Role(reader.Number) };
                    break;
                case 43:
                    Roles = Roles with { Pad = Role(reader.Number) };
                    break;
            }
        }
    }

    private void ReadNormalizer(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    _normalizer = Text(reader.Bytes);
                    break;
                case 2:
                    CharacterMap = CharacterMap.TryRead(reader.Bytes);
                    _hasDamagedMap = reader.Bytes.Length > 0 && CharacterMap is null;
                    break;
                case 3:
                    AddsDummyPrefix = reader.Number != 0;
                    break;
                case 4:
                    RemovesExtraSpaces = reader.Number != 0;
                    break;
                case 5:
                    _escapesSpaces = reader.Number != 0;
                    break;
            }
        }
    }

    private string? FirstProblem()
    {
        var kinds = _modelType switch { 1 or 2 => null, 3 => "Word", 4 => "Char", _ => $"unknown ({_modelType})" };
        return this switch
        {
            { _pieces.Count: 0 } => "is no SentencePiece model, or a damaged one: it holds no pieces.",
            { _pieces.Count: > TokenTable.MaximumSize } => $"holds more than {TokenTable.MaximumSize} pieces.",
            _ when kinds is not null => $"is a SentencePiece model of the kind {kinds}, which is not implemented; implemented are BPE and Unigram.",
            { _hasDamagedMap: true } => $"has the normalizer '{_normalizer}' with a table of characters that is damaged.",
            { _whiteSpaceIsSuffix: true } => "writes spaces behind words (treat_whitespace_as_suffix), which is not implemented.",
            { _escapesSpaces: false } => "leaves spaces as they are (escape_whitespaces is false), which is not implemented.",
            _ when _pieces.FindIndex(piece => !Enum.IsDefined(piece.Kind)) is >= 0 and var index =>
                $"has the piece '{_pieces[index].Text}' ({index}) of the kind {(int)_pieces[index].Kind}, which does not exist.",
            _ when _pieces.FindIndex(piece => piece.Text.Length == 0 || float.IsNaN(piece.Score)) is >= 0 and var index =>
                $"has a piece ({index}) without text or score.",
            _ when _pieces.GroupBy(piece => piece.Text).FirstOrDefault(group => group.Count() > 1) is { } twice =>
                $"has the piece '{twice.Key}' twice.",
            _ when UnknownId < 0 || UnknownId >= _pieces.Count =>
                $"names {UnknownId} as its unknown piece; it has the pieces 0 to {_pieces.Count - 1}.",
            { FallsBackToBytes: true } when MissingByte() is { } missing => $"falls back to bytes and lacks the piece '{missing}'.",
            _ => null,
        };
    }

    private string? MissingByte()
    {
        var bytes = _pieces.Where(piece => piece.Kind == SentencePieceKind.Byte).Select(piece => piece.Text).ToHashSet();
        return Enumerable.Range(0, 256).Select(value => ByteText((byte)value)).FirstOrDefault(text => !bytes.Contains(text));
    }

    /// <summary>Gets the text of the piece that stands for a byte, for instance <c>&lt;0x0A&gt;</c>.</summary>
    public static string ByteText(byte value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private static int? Role(long id) => id is >= 0 and < TokenTable.MaximumSize ? (int)id : null;
}
