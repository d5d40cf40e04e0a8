using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Looks pieces up by stretches of text.</summary>
internal sealed class SentencePieceVocabulary
{
    private readonly Dictionary<string, (int Id, float Score)>.AlternateLookup<ReadOnlySpan<char>> _normal;
    private readonly int[]? _bytes;
    private readonly int _unknownId;

    public SentencePieceVocabulary(SentencePieceModel model)
    {
        var normal = new Dictionary<string, (int, float)>(StringComparer.Ordinal);
        for (var id = 0; id < model.Pieces.Count; id++)
        {
            var (text, score, kind) = model.Pieces[id];
            if (kind == SentencePieceKind.Normal)
            {
                normal.Add(text, (id, score));
                Longest = Math.Max(Longest, text.Length);
            }
        }
        _normal = normal.GetAlternateLookup<ReadOnlySpan<char>>();
        _unknownId = model.UnknownId;
        if (model.FallsBackToBytes)
        {
            var ids = model.Pieces.Index().Where(piece => piece.Item.Kind == SentencePieceKind.Byte)
                .ToDictionary(piece => piece.Item.Text, piece => piece.Index);
            _bytes = [.. Enumerable.Range(0, 256).Select(value => ids[SentencePieceModel.ByteText((byte)value)])];
        }
    }

    /// <summary>Gets the length of the longest piece, in UTF-16 units.</summary>
    public int Longest { get; }

    /// <summary>Gets whether characters without a piece become bytes.</summary>
    public bool HasBytes => _bytes is not null;

    /// <summary>Looks up a piece that text can become.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int id, out float score)
    {
        var piece = (Id: 0, Score: 0f);
        // The length first: hashing ever longer texts would take time that grows with their square.
        var found = text.Length <= Longest && _normal.TryGetValue(text, out piece);
        (id, score) = piece;
        return found;
    }

    /// <summary>Adds the ids of a character that has no piece.</summary>
    public void AddUnknown(ReadOnlySpan<char> character, List<int> output)
    {
        if (_bytes is null)
        {
            output.Add(_unknownId);
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..Encoding.UTF8.GetBytes(character, bytes)])
        {
            output.Add(_bytes[value]);
        }
    }
}
