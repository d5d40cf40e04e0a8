using System.Text;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Generation;

/// <summary>One token per byte below <c>0xF0</c>; ids from 240 stand for longer pieces, of which the last is a special token without text.</summary>
internal sealed class ByteTokenizer(params string[] pieces) : Tokenizer
{
    private const int FirstPiece = 240;

    public override int VocabularySize => FirstPiece + pieces.Length + 1;

    public override int? BosId => null;

    public override int? EosId => FirstPiece + pieces.Length;

    public override int? PadId => null;

    public override IReadOnlyList<int> Encode(string text, TextStart before) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true)
    {
        Assert.All(ids, id => Assert.InRange(id, 0, VocabularySize - 1));   // as the real ones refuse others
        return Encoding.UTF8.GetString([.. ids.Where(id => id != EosId)
            .SelectMany(id => id < FirstPiece ? [(byte)id] : Encoding.UTF8.GetBytes(pieces[id - FirstPiece]))]);
    }

    public override int? IdOf(string token) => Array.IndexOf(pieces, token) is >= 0 and var index ? FirstPiece + index : null;

    public override IReadOnlyList<TokenSpan> EncodeWithSpans(string text, TextStart before) => throw new NotSupportedException();

    public override void Save(string directory) => throw new NotSupportedException();
}
