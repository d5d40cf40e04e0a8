using System.Text;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>SentencePiece byte-pair encoding as one would explain it: look at all neighbours, join the best, of equals the leftmost; repeat.</summary>
internal sealed class SlowSentencePiece(SentencePieceModel model)
{
    private readonly Dictionary<string, (int Id, float Score)> _pieces = model.Pieces.Index()
        .Where(piece => piece.Item.Kind == SentencePieceKind.Normal).ToDictionary(piece => piece.Item.Text, piece => (piece.Index, piece.Item.Score));

    private readonly Dictionary<string, int> _ids = model.Pieces.Index().ToDictionary(piece => piece.Item.Text, piece => piece.Index);

    public IEnumerable<int> Encode(string text)
    {
        var parts = text.Length == 0 ? [] : $"▁{text.Replace(' ', '▁')}".EnumerateRunes().Select(rune => rune.ToString()).ToList();
        while (true)
        {
            var (best, bestScore) = (-1, float.NegativeInfinity);
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                if (_pieces.TryGetValue(parts[i] + parts[i + 1], out var piece) && piece.Score > bestScore)
                {
                    (best, bestScore) = (i, piece.Score);
                }
            }
            if (best < 0)
            {
                return parts.SelectMany(part => _pieces.TryGetValue(part, out var piece) ? [piece.Id] : Encoding.UTF8.GetBytes(part).Select(b => _ids[$"<0x{b:X2}>"]));
            }
            parts[best] += parts[best + 1];
            parts.RemoveAt(best + 1);
        }
    }
}
