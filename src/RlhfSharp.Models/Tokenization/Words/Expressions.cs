using System.Text.RegularExpressions;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the patterns of a <c>tokenizer.json</c>: a text to find, or a regular expression.</summary>
internal static class Expressions
{
    private const int LongestSource = 10_000;

    // For one match. Those that tokenizers have take microseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Reads a <c>pattern</c>, which holds a <c>String</c> or a <c>Regex</c>.</summary>
    public static Regex Read(JsonPart pattern)
    {
        if (pattern.Text("String") is { } text)
        {
            return text.Length > 0 ? Literal(text) : throw pattern.Error("is an empty text, which would be found everywhere");
        }
        var source = pattern.Get("Regex").Text();
        if (source.Length > LongestSource)
        {
            throw pattern.Error($"holds an expression of {source.Length} characters; allowed are {LongestSource}");
        }
        try
        {
            return Compile(source, Patience);
        }
        catch (ArgumentException exception)
        {
            throw pattern.Error($"holds the expression '{source}', which .NET does not understand: {exception.Message}", exception);
        }
    }

    /// <summary>Finds one text.</summary>
    public static Regex Literal(string text) => Compile(Regex.Escape(text));

    /// <summary>Makes an expression.</summary>
    /// <param name="pattern">It, as .NET writes them.</param>
    /// <param name="patience">The longest search; null where the expression is one of ours, whose time is known.</param>
    public static Regex Compile(string pattern, TimeSpan? patience = null) =>
        new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant, patience ?? Regex.InfiniteMatchTimeout);

    /// <summary>Finds all places that an expression matches, those of no length excepted.</summary>
    /// <exception cref="InputException">It takes so long that it would never end on a longer text, as expressions can be made to.</exception>
    public static List<(int Start, int End)> Places(this Regex expression, string text)
    {
        var places = new List<(int, int)>();
        try
        {
            foreach (var match in expression.EnumerateMatches(text))
            {
                if (match.Length > 0)
                {
                    places.Add((match.Index, match.Index + match.Length));
                }
            }
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new InputException($"The expression '{expression}' of a tokenizer takes too long on a text of {text.Length} characters.", exception);
        }
        return places;
    }
}
