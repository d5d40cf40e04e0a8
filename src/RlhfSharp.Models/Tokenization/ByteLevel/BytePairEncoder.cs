using System.Text;
using Microsoft.ML.Tokenizers;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Turns a word into ids by byte-pair merges.</summary>
/// <remarks>Microsoft.ML.Tokenizers does it where it can. Its time grows with the square of the length, and it drops bytes that the vocabulary
/// lacks; long words and small alphabets take <see cref="Merger"/> instead, which gives the same ids.</remarks>
internal sealed class BytePairEncoder
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
        _merges = new MergeTable(definition);
        _byteIds = [.. Enumerable.Range(0, 256).Select(value => Find(ByteAlphabet.Of((byte)value).ToString()))];
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

    public void Encode(string word, List<int> output)
    {
        if (_definition.IgnoresMerges && Find(ByteAlphabet.Write(word)) is { } whole)
        {
            output.Add(whole);
        }
        else if (_library is not null && word.Length <= LongWord)
        {
            output.AddRange(_library.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        }
        else
        {
            EncodeBytes(Encoding.UTF8.GetBytes(word), output);
        }
    }

    /// <summary>Encodes without the library.</summary>
    internal void EncodeBytes(ReadOnlySpan<byte> bytes, List<int> output)
    {
        while (!bytes.IsEmpty)
        {
            var known = 0;
            while (known < bytes.Length && _byteIds[bytes[known]] is not null)
            {
                known++;
            }
            Merge(bytes[..known], output);
            var unknown = known;
            while (unknown < bytes.Length && _byteIds[bytes[unknown]] is null)
            {
                unknown++;
            }
            AddUnknown(bytes[known..unknown], output);
            bytes = bytes[unknown..];
        }
    }

    private void Merge(ReadOnlySpan<byte> bytes, List<int> output)
    {
        var symbols = new MergeSymbol[bytes.Length];
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i] = new() { Start = i, Length = 1, Id = _byteIds[bytes[i]]!.Value };
        }
        Merger.Run(symbols, _merges.ToRule());
        output.AddRange(symbols.Where(symbol => symbol.Length > 0).Select(symbol => symbol.Id));
    }

    private void AddUnknown(ReadOnlySpan<byte> bytes, List<int> output)
    {
        if (bytes.IsEmpty)
        {
            return;
        }
        if (_unknownId is not { } id)
        {
            throw new InputException($"The tokenizer '{_definition.Source}' has no token for '{Encoding.UTF8.GetString(bytes)}' (byte 0x{bytes[0]:X2}) "
                + "and names no unknown token.");
        }
        output.AddRange(Enumerable.Repeat(id, _definition.FusesUnknown ? 1 : bytes.Length));
    }

    private int? Find(string token) => _definition.Vocabulary.TryGetValue(token, out var id) ? id : null;
}
