using System.Buffers.Binary;
using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>SentencePiece's table of characters: which stretches of text become which others before the pieces are looked for.</summary>
/// <remarks>The file holds a double-array trie over UTF-8 bytes (darts-clone's units of four bytes), then the results, each ended by a zero. The longest
/// key that fits is replaced (sentencepiece, src/normalizer.cc).</remarks>
internal sealed class CharacterMap : INormalizer
{
    // In bytes. Keys have some ten; a damaged table may go round in circles.
    private const int LongestSought = 1000;

    private readonly uint[] _units;
    private readonly byte[] _results;

    private CharacterMap(byte[] bytes, uint[] units, byte[] results) => (Bytes, _units, _results) = (bytes, units, results);

    /// <summary>Reads the table.</summary>
    /// <returns>Null where the bytes are no such table.</returns>
    public static CharacterMap? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4)
        {
            return null;
        }
        var size = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size == 0 || size % 4 != 0 || size > bytes.Length - 4)
        {
            return null;
        }
        var units = new uint[size / 4];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + 4 * i)..]);
        }
        return new CharacterMap(bytes.ToArray(), units, bytes[(int)(4 + size)..].ToArray());
    }

    /// <summary>Gets the table as the file had it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Replaces all that the table has.</summary>
    public TracedText Apply(TracedText text, TextStart before)
    {
        var bytes = Encoding.UTF8.GetBytes(text.Text).AsSpan();
        var editor = new TextEditor(text);
        var at = 0;
        while (bytes.Length > 0)
        {
            var (length, start) = LongestKey(bytes);
            if (length > 0)
            {
                var end = at + Encoding.UTF8.GetCharCount(bytes[..length]);
                editor.Replace(at, end, Encoding.UTF8.GetString(Result(start)));
                at = end;
            }
            else
            {
                Rune.DecodeFromUtf8(bytes, out var rune, out length);
                at += rune.Utf16SequenceLength;
            }
            bytes = bytes[length..];
        }
        return editor.Finish();
    }

    private (int Length, int Start) LongestKey(ReadOnlySpan<byte> bytes)
    {
        var found = (Length: 0, Start: 0);
        var node = Offset(_units[0]);
        for (var i = 0; i < Math.Min(bytes.Length, LongestSought); i++)
        {
            node ^= bytes[i];
            if (node >= _units.Length || Label(_units[node]) != bytes[i])
            {
                break;
            }
            var unit = _units[node];
            node ^= Offset(unit);
            // Only a damaged table has keys that end inside a character.
            if (HasLeaf(unit) && node < _units.Length && (i + 1 == bytes.Length || (bytes[i + 1] & 0xC0) != 0x80))
            {
                found = (i + 1, (int)(_units[node] & 0x7FFFFFFF));
            }
        }
        return found;
    }

    private ReadOnlySpan<byte> Result(int start)
    {
        var rest = _results.AsSpan(Math.Min(start, _results.Length));
        var end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static bool HasLeaf(uint unit) => (unit >> 8 & 1) == 1;

    private static uint Label(uint unit) => unit & 0x800000FF;

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);
}
