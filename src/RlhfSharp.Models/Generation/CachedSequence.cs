namespace RlhfSharp.Models.Generation;

/// <summary>Tokens whose keys and values are kept together: a prompt, what a row has written, or both.</summary>
internal sealed class CachedSequence
{
    /// <summary>Gets where they lie, in order: indices of blocks, of which the last may have room left.</summary>
    public List<int> Blocks { get; } = [];

    /// <summary>Gets or sets the number of tokens.</summary>
    public int Length { get; set; }
}
