using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>The printable characters by which byte-level vocabularies write bytes (Radford et al. 2019, the code of GPT-2): printable Latin-1
/// characters stand for themselves, the other 68 bytes for U+0100 onwards.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Characters = Build();
    private static readonly Dictionary<char, byte> Bytes = Characters.Select((character, value) => (character, value))
        .ToDictionary(pair => pair.character, pair => (byte)pair.value);

    /// <summary>Gets the character that stands for a byte.</summary>
    public static char Of(byte value) => Characters[value];

    /// <summary>Writes a text as the characters of its UTF-8 bytes.</summary>
    public static string Write(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return string.Create(bytes.Length, bytes, (output, source) =>
        {
            for (var i = 0; i < output.Length; i++)
            {
                output[i] = Characters[source[i]];
            }
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <returns>The bytes, or null where a character stands for none.</returns>
    public static byte[]? TryRead(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!Bytes.TryGetValue(token[i], out bytes[i]))
            {
                return null;
            }
        }
        return bytes;
    }

    private static char[] Build()
    {
        var next = 0x100;
        return [.. Enumerable.Range(0, 256).Select(value => value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : (char)next++)];
    }
}
