using System.Text;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Training.Tests.Data;

/// <summary>A token per three bytes of UTF-8, so that tokens hold several characters and characters lie across tokens.</summary>
internal sealed class ChunkTokenizer : Tokenizer
{
    public override int VocabularySize => 1 << 26;

    public override int? BosId => 0;

    public override int? EosId => 1;

    public override int? PadId => null;

    // The length of a chunk stands above its bytes.
    public override IReadOnlyList<int> Encode(string text, TextStart before) =>
        [.. Encoding.UTF8.GetBytes(text).Chunk(3).Select(chunk => (chunk.Length << 24) | chunk.Aggregate(0, (id, next) => (id << 8) | next))];

    public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true) => Encoding.UTF8.GetString([.. ids.SelectMany(Bytes)]);

    public override int? IdOf(string token) => null;

    public override IReadOnlyList<TokenSpan> EncodeWithSpans(string text, TextStart before) => throw new NotSupportedException();

    public override void Save(string directory) => throw new NotSupportedException();

    private static IEnumerable<byte> Bytes(int id)
    {
        var length = id >> 24;
        return Enumerable.Range(1, length).Select(i => (byte)(id >> (8 * (length - i))));
    }
}
