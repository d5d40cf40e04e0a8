using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Cuts a text into the pieces whose scores, logarithms of probabilities, have the largest sum (Kudo 2018, https://arxiv.org/abs/1804.10959).</summary>
/// <remarks>Of equal sums the one whose last piece is longest wins, as in sentencepiece (src/unigram_model.cc, EncodeOptimized).</remarks>
internal sealed class UnigramSegmenter : IPieceModel
{
    private const double UnknownPenalty = 10;
    private const int LongestPiece = 1000;

    private readonly PieceVocabulary _vocabulary;
    private readonly double _unknownScore;

    /// <summary>Initializes it.</summary>
    /// <param name="vocabulary">The pieces.</param>
    /// <param name="source">Their file, for messages.</param>
    /// <exception cref="InputException">A piece is so long that looking for it everywhere would take for ever. Those of trained models have 16 characters at most, unless
    /// who trained them said otherwise.</exception>
    public UnigramSegmenter(PieceVocabulary vocabulary, string source)
    {
        if (vocabulary.Longest > LongestPiece)
        {
            throw new InputException($"'{source}' has a piece of {vocabulary.Longest} characters; Unigram is implemented for pieces of {LongestPiece} at most.");
        }
        (_vocabulary, _unknownScore) = (vocabulary, vocabulary.LowestScore - UnknownPenalty);
    }

    public void Encode(string word, TokenWriter output)
    {
        var best = new (double Score, int Start, int Id)[word.Length + 1];
        Array.Fill(best, (double.NegativeInfinity, -1, -1));
        best[0] = (0, 0, -1);
        for (var start = 0; start < word.Length; start += CharacterLength(word, start))
        {
            Extend(word, start, best);
        }
        var pieces = new Stack<(int Start, int End, int Id)>();
        for (var end = word.Length; end > 0; end = best[end].Start)
        {
            pieces.Push((best[end].Start, end, best[end].Id));
        }
        _vocabulary.Unknown.Write(word, pieces, output);
    }

    private void Extend(string text, int start, (double Score, int Start, int Id)[] best)
    {
        var single = CharacterLength(text, start);
        var isKnown = false;
        for (var end = start + single; end <= text.Length && end - start <= _vocabulary.Longest; end += end < text.Length ? CharacterLength(text, end) : 1)
        {
            if (_vocabulary.TryFind(text.AsSpan(start, end - start), out var id, out var score))
            {
                Offer(end, best[start].Score + score, id);
                isKnown |= end == start + single;
            }
        }
        if (!isKnown)
        {
            Offer(start + single, best[start].Score + _unknownScore, -1);
        }

        void Offer(int end, double score, int id)
        {
            if (score > best[end].Score)
            {
                best[end] = (score, start, id);
            }
        }
    }

    private static int CharacterLength(string text, int at) => char.IsHighSurrogate(text[at]) ? 2 : 1;
}
