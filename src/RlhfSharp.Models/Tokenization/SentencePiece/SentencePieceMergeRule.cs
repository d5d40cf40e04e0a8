namespace RlhfSharp.Models.Tokenization;

/// <summary>Merges neighbours whose texts together are a piece: the piece with the highest score first.</summary>
/// <remarks>The symbols are stretches of <paramref name="text"/>; their ids play no part: a character without a piece may be part of one.</remarks>
internal readonly struct SentencePieceMergeRule(string text, PieceVocabulary vocabulary) : IMergeRule
{
    public bool TryMerge(in MergeSymbol left, in MergeSymbol right, out double order, out int merged)
    {
        var found = vocabulary.TryFind(text.AsSpan(left.Start, left.Length + right.Length), out merged, out var score);
        order = -score;
        return found;
    }
}
