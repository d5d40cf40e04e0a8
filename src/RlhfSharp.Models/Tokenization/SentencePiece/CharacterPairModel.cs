namespace RlhfSharp.Models.Tokenization;

/// <summary>Byte-pair encoding over characters: by the scores of a SentencePiece model, or by the list of merges of a <c>tokenizer.json</c>.</summary>
/// <param name="vocabulary">The pieces.</param>
/// <param name="merges">The merges; null to go by the scores of the pieces.</param>
/// <param name="ignoresMerges">Whether a word that is a piece is one token, whatever the merges say.</param>
internal sealed class CharacterPairModel(PieceVocabulary vocabulary, MergeTable? merges, bool ignoresMerges) : IPieceModel
{
    public void Encode(string word, TokenWriter output)
    {
        if (ignoresMerges && vocabulary.TryFind(word, out var whole, out _))
        {
            output.Add(whole, 0, word.Length);
            return;
        }
        var symbols = Characters(word);
        if (merges is null)
        {
            Merger.Run(symbols, new SentencePieceMergeRule(word, vocabulary));
        }
        else
        {
            Merger.Run(symbols, merges.ToRule());
        }
        var pieces = symbols.Where(symbol => symbol.Length > 0).Select(symbol => (symbol.Start, symbol.Start + symbol.Length, Find(word, symbol)));
        vocabulary.Unknown.Write(word, pieces, output);
    }

    private MergeSymbol[] Characters(string word)
    {
        var symbols = new List<MergeSymbol>(word.Length);
        var start = 0;
        foreach (var rune in word.EnumerateRunes())
        {
            var symbol = new MergeSymbol { Start = start, Length = rune.Utf16SequenceLength };
            symbol.Id = merges is null ? 0 : Find(word, symbol);   // scores go by the text
            symbols.Add(symbol);
            start += rune.Utf16SequenceLength;
        }
        return [.. symbols];
    }

    private int Find(string word, in MergeSymbol symbol) => vocabulary.TryFind(word.AsSpan(symbol.Start, symbol.Length), out var id, out _) ? id : -1;
}
