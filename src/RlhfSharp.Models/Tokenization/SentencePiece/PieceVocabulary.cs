namespace RlhfSharp.Models.Tokenization;

/// <summary>Looks pieces up by stretches of text.</summary>
internal sealed class PieceVocabulary
{
    private readonly Dictionary<string, (int Id, float Score)>.AlternateLookup<ReadOnlySpan<char>> _normal;

    /// <summary>Initializes the vocabulary.</summary>
    /// <param name="pieces">The pieces by id; those of the kind <see cref="SentencePieceKind.Normal"/> are what text can become.</param>
    /// <param name="unknown">What characters without a piece become.</param>
    public PieceVocabulary(IEnumerable<(int Id, string Text, float Score, SentencePieceKind Kind)> pieces, UnknownPieces unknown)
    {
        var normal = new Dictionary<string, (int, float)>(StringComparer.Ordinal);
        foreach (var (id, text, score, kind) in pieces)
        {
            if (kind == SentencePieceKind.Normal)
            {
                normal.Add(text, (id, score));
                Longest = Math.Max(Longest, text.Length);
                LowestScore = normal.Count == 1 ? score : Math.Min(LowestScore, score);
            }
        }
        _normal = normal.GetAlternateLookup<ReadOnlySpan<char>>();
        Unknown = unknown;
    }

    /// <summary>Gets the length of the longest piece, in UTF-16 units.</summary>
    public int Longest { get; }

    /// <summary>Gets the lowest score of a piece; 0 where there are no pieces.</summary>
    public float LowestScore { get; }

    /// <summary>Gets what characters without a piece become.</summary>
    public UnknownPieces Unknown { get; }

    /// <summary>Looks up a piece that text can become.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int id, out float score)
    {
        var piece = (Id: 0, Score: 0f);
        // The length first: hashing ever longer texts would take time that grows with their square.
        var found = text.Length <= Longest && _normal.TryGetValue(text, out piece);
        (id, score) = piece;
        return found;
    }
}
