using System.Text;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>SentencePiece's Unigram as one would explain it: of every way to cut what is left, the best, by memory of what was cut before.</summary>
internal sealed class SlowUnigram(SentencePieceModel model)
{
    private readonly Dictionary<string, (int Id, double Score)> _pieces = model.Pieces.Index()
        .Where(piece => piece.Item.Kind == SentencePieceKind.Normal).ToDictionary(piece => piece.Item.Text, piece => (piece.Index, (double)piece.Item.Score));

    private readonly Dictionary<string, int> _ids = model.Pieces.Index().ToDictionary(piece => piece.Item.Text, piece => piece.Index);
    private readonly double _unknown = model.Pieces.Where(piece => piece.Kind == SentencePieceKind.Normal).Min(piece => piece.Score) - 10.0;

    public List<int> Encode(string text)
    {
        var mapped = model.CharacterMap!.Apply(new TracedText(text, null), TextStart.Nothing).Text;
        var spaced = string.Join('▁', mapped.Split([' ', '▁'], StringSplitOptions.RemoveEmptyEntries));
        var runes = spaced.Length == 0 ? [] : $"▁{spaced}".EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        // From the front: the best way to reach each place, its last part as long as possible among equals.
        var best = new (double Score, int From, int Id)[runes.Length + 1];
        for (var end = 1; end <= runes.Length; end++)
        {
            best[end] = (double.NegativeInfinity, -1, -1);
            for (var from = 0; from < end; from++)
            {
                var part = string.Concat(runes[from..end]);
                var isPiece = _pieces.TryGetValue(part, out var piece);
                if ((isPiece || end - from == 1) && best[from].Score + (isPiece ? piece.Score : _unknown) is var score && score > best[end].Score)
                {
                    best[end] = (score, from, isPiece ? piece.Id : -1);
                }
            }
        }
        var ids = new List<int>();
        for (var end = runes.Length; end > 0; end = best[end].From)
        {
            ids.InsertRange(0, best[end].Id >= 0 ? [best[end].Id] : Unknown(string.Concat(runes[best[end].From..end])));
        }
        // A run of unknown characters is one unknown piece where there are no bytes.
        return model.FallsBackToBytes ? ids : [.. ids.Where((id, i) => id != model.UnknownId || i == 0 || ids[i - 1] != id)];
    }

    private IEnumerable<int> Unknown(string character) =>
        model.FallsBackToBytes ? Encoding.UTF8.GetBytes(character).Select(value => _ids[$"<0x{value:X2}>"]) : [model.UnknownId];
}
