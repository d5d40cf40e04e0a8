namespace RlhfSharp.Models.Generation;

/// <summary>What a row looks at: a prompt that it shares with other rows, then tokens of its own.</summary>
/// <param name="Prompt">The shared prompt; null where the prompt is the beginning of <paramref name="Own"/>.</param>
/// <param name="Own">The row's own tokens.</param>
internal sealed record CachedRow(CachedSequence? Prompt, CachedSequence Own)
{
    /// <summary>Gets the number of tokens that are read.</summary>
    public int Length => (Prompt?.Length ?? 0) + Own.Length;
}
