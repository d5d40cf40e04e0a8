using System.Text;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>Writes small SentencePiece models: &lt;unk&gt;, &lt;s&gt;, &lt;/s&gt;, the bytes, then the pieces that are added.</summary>
internal sealed record SentencePieceFile
{
    private readonly List<(string Text, float Score, SentencePieceKind Kind)> _pieces =
    [
        ("<unk>", 0, SentencePieceKind.Unknown), ("<s>", 0, SentencePieceKind.Control), ("</s>", 0, SentencePieceKind.Control),
        .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, SentencePieceKind.Byte)),
    ];

    public int ModelType { get; init; } = 2;

    public bool AddsDummyPrefix { get; init; } = true;

    public bool RemovesExtraSpaces { get; init; }

    public bool FallsBackToBytes { get; init; } = true;

    public bool HasCharacterMap { get; init; }

    public SentencePieceFile Add(string text, float score, SentencePieceKind kind = SentencePieceKind.Normal)
    {
        _pieces.Add((text, score, kind));
        return this;
    }

    public byte[] ToBytes()
    {
        var file = new List<byte>();
        foreach (var (text, score, kind) in _pieces)
        {
            AddBytes(file, 1, [.. Field(1, Encoding.UTF8.GetBytes(text)), (2 << 3) | 5, .. BitConverter.GetBytes(score), .. Field(3, (int)kind)]);
        }
        AddBytes(file, 2, [.. Field(3, ModelType), .. Field(35, FallsBackToBytes ? 1 : 0)]);
        AddBytes(file, 3, [.. Field(1, "nmt_nfkc"u8.ToArray()), .. HasCharacterMap ? Field(2, [1, 2, 3]) : [],
            .. Field(3, AddsDummyPrefix ? 1 : 0), .. Field(4, RemovesExtraSpaces ? 1 : 0)]);
        return [.. file];
    }

    public Tokenizer ToTokenizer(string config = "{}") => TokenizerLoader.Create(ToFiles(config));

    public TokenizerFiles ToFiles(string config = "{}")
    {
        var files = new TokenizerFiles("a small model");
        files.Add(TokenizerFiles.SentencePiece, ToBytes());
        files.Add(TokenizerFiles.Config, Encoding.UTF8.GetBytes(config));
        return files;
    }

    private static void AddBytes(List<byte> output, int number, byte[] bytes) => output.AddRange(Field(number, bytes));

    private static byte[] Field(int number, byte[] bytes) => [.. Varint((number << 3) | 2), .. Varint(bytes.Length), .. bytes];

    private static byte[] Field(int number, int value) => [.. Varint(number << 3), .. Varint(value)];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }
        yield return (byte)value;
    }
}
