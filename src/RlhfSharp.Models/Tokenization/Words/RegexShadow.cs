using System.Globalization;
using System.Text;

namespace RlhfSharp.Models.Tokenization;

/// <summary>A text with one UTF-16 unit per character, in which characters beyond U+FFFF are replaced by others of their Unicode category.</summary>
/// <remarks>.NET's regular expressions see such a character as two surrogates, which belong to no letters, digits or marks, so that expressions
/// written for whole characters would cut elsewhere.</remarks>
internal sealed class RegexShadow
{
    private readonly int[]? _starts;

    private RegexShadow(string text, int[]? starts) => (Text, _starts) = (text, starts);

    /// <summary>Gets what expressions are matched against.</summary>
    public string Text { get; }

    public static RegexShadow Of(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return new(text, null);
        }
        var shadow = new StringBuilder(text.Length);
        var starts = new List<int>(text.Length + 1);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            shadow.Append(rune.IsBmp ? (char)rune.Value : Representative(rune));
            starts.Add(at);
            at += rune.Utf16SequenceLength;
        }
        return new(shadow.ToString(), [.. starts, at]);
    }

    /// <summary>Gets the place in the original of a place in <see cref="Text"/>.</summary>
    public int Place(int index) => _starts is null ? index : _starts[index];

    // Characters that no expression is likely to name itself.
    private static char Representative(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => '\uA640',
        UnicodeCategory.LowercaseLetter => '\uA641',
        UnicodeCategory.TitlecaseLetter => '\u1F88',
        UnicodeCategory.ModifierLetter => '\u02B0',
        UnicodeCategory.OtherLetter => '\u0627',
        UnicodeCategory.NonSpacingMark => '\u0300',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.EnclosingMark => '\u0488',
        UnicodeCategory.DecimalDigitNumber => '\u0660',
        UnicodeCategory.LetterNumber => '\u2160',
        UnicodeCategory.OtherNumber => '\u00B2',
        UnicodeCategory.ConnectorPunctuation => '\u203F',
        UnicodeCategory.DashPunctuation => '\u2010',
        UnicodeCategory.OpenPunctuation => '\u2045',
        UnicodeCategory.ClosePunctuation => '\u2046',
        UnicodeCategory.InitialQuotePunctuation => '\u00AB',
        UnicodeCategory.FinalQuotePunctuation => '\u00BB',
        UnicodeCategory.OtherPunctuation => '\u00A7',
        UnicodeCategory.MathSymbol => '\u2200',
        UnicodeCategory.CurrencySymbol => '\u20A0',
        UnicodeCategory.ModifierSymbol => '\u02C2',
        UnicodeCategory.OtherSymbol => '\u00A6',
        UnicodeCategory.Format => '\u00AD',
        UnicodeCategory.PrivateUse => '\uE000',
        _ => '\u0378', // Not assigned.
    };
}
