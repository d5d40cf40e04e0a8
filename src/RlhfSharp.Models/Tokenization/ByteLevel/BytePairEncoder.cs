using System.Text;
using Microsoft.ML.Tokenizers;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Turns a word into ids by byte-pair merges.</summary>
/// <remarks>Microsoft.ML.Tokenizers does it where it can. Its time grows with the square of the length, and it drops bytes that the vocabulary
/// lacks; long words and small alphabets take <see cref="Merger"/> instead, which gives the same ids.</remarks>
internal sealed class BytePairEncoder : IPieceModel
{
    /// <summary>The length in UTF-16 units above which the library is slower than <see cref="Merger"/>.</summary>
    internal const int LongWord = 256;

    private readonly BytePairDefinition _definition;
    private readonly MergeTable _merges;
    private readonly BpeTokenizer? _library;
    private readonly int?[] _byteIds;
    private readonly int? _unknownId;

    public BytePairEncoder(BytePairDefinition definition)
    {
        _definition = definition;
        _merges = new MergeTable(definition.Merges, definition.Vocabulary, definition.Source);
        _byteIds = [.. ByteAlphabet.All.Select(character => Find(character.ToString()))];
        _unknownId = definition.UnknownToken is { } token
            ? Find(token) ?? definition.AddedTokens.FirstOrDefault(added => added.Content == token)?.Id
                ?? throw new InputException($"'{definition.Source}': the unknown token '{token}' is not in the vocabulary.")
            : null;
        if (_byteIds.All(id => id is not null))
        {
            var options = new BpeOptions(definition.Vocabulary)
            {
                Merges = definition.Merges.Select(merge => $"{merge.Left} {merge.Right}"),
                ByteLevel = true,
            };
            _library = BpeTokenizer.Create(options);
        }
    }

    public void Encode(string word, TokenWriter output)
    {
        if (_definition.IgnoresMerges && Find(ByteAlphabet.Write(word)) is { } whole)
        {
            output.Add(whole, 0, word.Length);
        }
        // The library does not say where its tokens are.
        else if (_library is not null && word.Length <= LongWord && !output.Traces)
        {
            output.AddRange(_library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        }
        else
        {
            EncodeBytes(word, output);
        }
    }

    /// <summary>Encodes without the library.</summary>
    internal void EncodeBytes(string word, TokenWriter output)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        var places = output.Traces ? PlacesOf(word, bytes.Length) : null;
        for (var start = 0; start < bytes.Length;)
        {
            var known = start;
            while (known < bytes.Length && _byteIds[bytes[known]] is not null)
            {
                known++;
            }
            Merge(bytes, start, known, places, output);
            var unknown = known;
            while (unknown < bytes.Length && _byteIds[bytes[unknown]] is null)
            {
                unknown++;
            }
            AddUnknown(bytes, known, unknown, places, output);
            start = unknown;
        }
    }

    private void Merge(byte[] bytes, int start, int end, (int Start, int End)[]? places, TokenWriter output)
    {
        var symbols = new MergeSymbol[end - start];
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i] = new() { Start = start + i, Length = 1, Id = _byteIds[bytes[start + i]]!.Value };
        }
        Merger.Run(symbols, _merges.ToRule());
        foreach (var symbol in symbols)
        {
            if (symbol.Length > 0)
            {
                Add(symbol.Id, symbol.Start, symbol.Start + symbol.Length, places, output);
            }
        }
    }

    private void AddUnknown(byte[] bytes, int start, int end, (int Start, int End)[]? places, TokenWriter output)
    {
        if (end == start)
        {
            return;
        }
        if (_unknownId is not { } id)
        {
            var text = Encoding.UTF8.GetString(bytes, start, end - start);
            throw new InputException(
                $"The tokenizer '{_definition.Source}' has no token for '{text}' (byte 0x{bytes[start]:X2}) and names no unknown token.");
        }
        for (var i = start; i < end; i += _definition.FusesUnknown ? end - start : 1)
        {
            Add(id, i, _definition.FusesUnknown ? end : i + 1, places, output);
        }
    }

    private static void Add(int id, int start, int end, (int Start, int End)[]? places, TokenWriter output) =>
        output.Add(id, places?[start].Start ?? 0, places?[end - 1].End ?? 0);

    // The characters in which bytes lie.
    private static (int Start, int End)[] PlacesOf(string word, int byteCount)
    {
        var places = new List<(int, int)>(byteCount);
        var at = 0;
        foreach (var rune in word.EnumerateRunes())
        {
            places.AddRange(Enumerable.Repeat((at, at + rune.Utf16SequenceLength), rune.Utf8SequenceLength));
            at += rune.Utf16SequenceLength;
        }
        return [.. places];
    }

    private int? Find(string token) => _definition.Vocabulary.TryGetValue(token, out var id) ? id : null;
}
