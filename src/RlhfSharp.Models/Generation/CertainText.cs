using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Generation;

/// <summary>Tells how much of a growing sample's text no further token can change.</summary>
/// <param name="tokenizer">Decodes the sample.</param>
/// <param name="stopStrings">Where it ends.</param>
internal sealed class CertainText(Tokenizer tokenizer, IReadOnlyList<string> stopStrings)
{
    private const char Replacement = '\uFFFD';   // what bytes decode to that are no character, or not yet

    private string _given = string.Empty;

    /// <summary>Gets what became certain by the newest token.</summary>
    /// <param name="tokens">All tokens of the sample, which is not finished.</param>
    public string Grow(IReadOnlyList<int> tokens)
    {
        var text = tokenizer.DecodeSample(tokens).AsSpan().TrimEnd(Replacement);
        var certain = text[..^StartOfStop(text)];
        return certain.Length > _given.Length && certain.StartsWith(_given, StringComparison.Ordinal) ? Give(certain.ToString()) : string.Empty;
    }

    /// <summary>Gets the rest.</summary>
    /// <param name="text">The text of the finished sample.</param>
    public string Finish(string text) => text.StartsWith(_given, StringComparison.Ordinal) ? Give(text) : string.Empty;

    private string Give(string certain)
    {
        var news = certain[_given.Length..];
        _given = certain;
        return news;
    }

    // The length of the longest end of the text that begins a stop string.
    private int StartOfStop(ReadOnlySpan<char> text)
    {
        var longest = 0;
        foreach (var stop in stopStrings)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.EndsWith(stop.AsSpan(0, length), StringComparison.Ordinal))
                {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
