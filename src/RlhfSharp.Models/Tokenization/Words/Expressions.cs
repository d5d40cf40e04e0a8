using System.Text.RegularExpressions;

namespace RlhfSharp.Models.Tokenization;

/// <summary>Reads the patterns of a <c>tokenizer.json</c>: a text to find, or a regular expression.</summary>
internal static class Expressions
{
    /// <summary>Reads a <c>pattern</c>, which holds a <c>String</c> or a <c>Regex</c>.</summary>
    public static Regex Read(JsonPart pattern)
    {
        if (pattern.Text("String") is { } text)
        {
            return text.Length > 0 ? Literal(text) : throw pattern.Error("is an empty text, which would be found everywhere");
        }
        var source = pattern.Get("Regex").Text();
        try
        {
            return Compile(source);
        }
        catch (ArgumentException exception)
        {
            throw pattern.Error($"holds the expression '{source}', which .NET does not understand: {exception.Message}", exception);
        }
    }

    /// <summary>Finds one text.</summary>
    public static Regex Literal(string text) => Compile(Regex.Escape(text));

    public static Regex Compile(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);
}
