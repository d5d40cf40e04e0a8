using System.Text;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Models.Generation;

/// <summary>Tells how much of a growing sample's text no further token can change.</summary>
/// <param name="tokenizer">Decodes the sample.</param>
/// <param name="stopStrings">Where it ends.</param>
internal sealed class CertainText(Tokenizer tokenizer, IReadOnlyList<string> stopStrings)
{
    private readonly IncrementalDecoder _decoder = new(tokenizer);
    private readonly StringBuilder _held = new();    // decoded, but it may be the beginning of a stop string
    private readonly StringBuilder _given = new();

    /// <summary>Takes the newest token of the sample, which is not finished.</summary>
    /// <param name="token">Its id; one that the tokenizer lacks has no text.</param>
    /// <returns>What became certain.</returns>
    public string Grow(int token)
    {
        _held.Append(token < tokenizer.VocabularySize ? _decoder.Add(token) : string.Empty);
        var text = _held.ToString();
        return Give(text[..^StartOfStop(text)]);
    }

    /// <summary>Gets the rest.</summary>
    /// <param name="text">The text of the finished sample.</param>
    public string Finish(string text)
    {
        var given = _given.ToString();
        return text.StartsWith(given, StringComparison.Ordinal) ? text[given.Length..] : string.Empty;
    }

    private string Give(string certain)
    {
        _held.Remove(0, certain.Length);
        _given.Append(certain);
        return certain;
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
