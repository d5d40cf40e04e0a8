namespace RlhfSharp.Models.Tokenization;

/// <summary>A stretch of the text that is merged so far, in a list linked by indices.</summary>
internal struct MergeSymbol
{
    public int Start;

    /// <summary>0 once the symbol to the left has swallowed this one.</summary>
    public int Length;

    public int Id;
    public int Previous;
    public int Next;
}
