namespace RlhfSharp.Models.Tokenization;

/// <summary>Says which neighbours a kind of byte-pair encoding merges.</summary>
internal interface IMergeRule
{
    /// <summary>Looks two neighbours up.</summary>
    /// <param name="left">The left one.</param>
    /// <param name="right">The right one.</param>
    /// <param name="order">Merges with a lower number go first.</param>
    /// <param name="merged">The id of the result.</param>
    /// <returns>Whether they merge.</returns>
    bool TryMerge(in MergeSymbol left, in MergeSymbol right, out double order, out int merged);
}
