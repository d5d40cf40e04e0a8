using System.Text.RegularExpressions;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tokenization;

/// <summary>One way of cutting text into words, after which no token spans two of them.</summary>
/// <param name="Pattern">What a word looks like.</param>
/// <param name="KeepsGaps">Whether the text between matches makes words as well; otherwise it is dropped.</param>
internal sealed record SplitStep(Regex Pattern, bool KeepsGaps = true)
{
    /// <summary>GPT-2's words (Radford et al. 2019, its code): contractions, letters, digits and other marks, each with the space before it.</summary>
    public static SplitStep Gpt2 { get; } = new(Compile(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"));

    /// <summary>Reads a <c>Split</c> of Hugging Face's tokenizers.</summary>
    public static SplitStep Read(JsonPart json)
    {
        var pattern = json.Get("pattern");
        var behavior = json.Get("behavior").Text();
        var inverts = json.Flag("invert", fallback: false);
        if ((behavior, inverts) is not (("Isolated", _) or ("Removed", true)))
        {
            throw json.Error($"splits with behavior '{behavior}' and invert {(inverts ? "true" : "false")}, which is not implemented; "
                + "implemented are Isolated, and Removed with invert true");
        }
        if (pattern.Text("String") is { } text)
        {
            return new(Compile(Regex.Escape(text)), behavior == "Isolated");
        }
        var source = pattern.Get("Regex").Text();
        try
        {
            return new(Compile(source), behavior == "Isolated");
        }
        catch (ArgumentException exception)
        {
            throw new InputException($"{pattern.Error($"holds the expression '{source}', which .NET does not understand: {exception.Message}").Message}", exception);
        }
    }

    /// <summary>Reads a <c>Digits</c> of Hugging Face's tokenizers.</summary>
    public static SplitStep ReadDigits(JsonPart json) => new(Compile(json.Flag("individual_digits", fallback: false) ? @"\p{N}" : @"\p{N}+"));

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);
}
