namespace RlhfSharp.Models.Tokenization;

/// <summary>A text on its way to tokens. It may remember where it came from; encoding without offsets pays nothing for that.</summary>
/// <param name="Text">The text now.</param>
/// <param name="Origin">Where its units lie in the original; null where nobody asks.</param>
internal readonly record struct TracedText(string Text, TextOrigin? Origin)
{
    /// <summary>Gets a part.</summary>
    public TracedText Slice(int start, int end) =>
        start == 0 && end == Text.Length ? this : new(Text[start..end], Origin?.From(start));
}
