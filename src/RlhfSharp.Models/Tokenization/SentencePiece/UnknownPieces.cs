using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>What becomes of characters without a piece: bytes, or the unknown piece.</summary>
internal sealed class UnknownPieces
{
    private readonly string _source;
    private readonly int[]? _bytes;
    private readonly int? _id;
    private readonly bool _fuses;

    /// <summary>Initializes it.</summary>
    /// <param name="source">The vocabulary's file, for messages.</param>
    /// <param name="bytes">The ids of the 256 bytes; null where there are none.</param>
    /// <param name="id">The unknown piece; null where there is none.</param>
    /// <param name="fuses">Whether several unknown characters in a row are one unknown piece.</param>
    public UnknownPieces(string source, int[]? bytes, int? id, bool fuses) => (_source, _bytes, _id, _fuses) = (source, bytes, id, fuses);

    /// <summary>Gets the ids of the byte pieces by value.</summary>
    /// <param name="find">Ids of the vocabulary.</param>
    /// <returns>The ids; null where one is missing.</returns>
    public static int[]? BytesOf(Func<string, int?> find)
    {
        var ids = Enumerable.Range(0, 256).Select(value => find(SentencePieceModel.ByteText((byte)value))).ToArray();
        return ids.Any(id => id is null) ? null : [.. ids.Select(id => id!.Value)];
    }

    /// <summary>Writes pieces and what stands between them.</summary>
    /// <param name="word">The text.</param>
    /// <param name="pieces">The text's pieces in order; the id is -1 for a character without one.</param>
    /// <param name="output">Where they go.</param>
    public void Write(string word, IEnumerable<(int Start, int End, int Id)> pieces, TokenWriter output)
    {
        var (unknownStart, unknownEnd) = (0, 0);
        foreach (var (start, end, id) in pieces)
        {
            if (id < 0 && _fuses && unknownEnd > unknownStart)
            {
                unknownEnd = end;
                continue;
            }
            WriteUnknown(word, unknownStart, unknownEnd, output);
            (unknownStart, unknownEnd) = id < 0 ? (start, end) : (0, 0);
            if (id >= 0)
            {
                output.Add(id, start, end);
            }
        }
        WriteUnknown(word, unknownStart, unknownEnd, output);
    }

    private void WriteUnknown(string word, int start, int end, TokenWriter output)
    {
        if (end == start)
        {
            return;
        }
        if (_bytes is null)
        {
            output.Add(_id ?? throw new InputException(
                $"The tokenizer '{_source}' has no token for '{word[start..end]}' and names no unknown token."), start, end);
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        for (var at = start; at < end;)
        {
            Rune.DecodeFromUtf16(word.AsSpan(at), out var rune, out var length);
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                output.Add(_bytes[value], at, at + length);
            }
            at += length;
        }
    }
}
