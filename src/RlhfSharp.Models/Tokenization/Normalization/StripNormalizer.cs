namespace RlhfSharp.Models.Tokenization;

/// <summary>Takes white space away at the ends of a text.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public TracedText Apply(TracedText text, TextStart before)
    {
        var (start, end) = (0, text.Text.Length);
        while (left && before != TextStart.Text && start < end && char.IsWhiteSpace(text.Text[start]))
        {
            start++;
        }
        while (right && end > start && char.IsWhiteSpace(text.Text[end - 1]))
        {
            end--;
        }
        return text.Slice(start, end);
    }
}
