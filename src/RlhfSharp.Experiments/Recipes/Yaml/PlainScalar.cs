using System.Globalization;
using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>What text without quotation marks means: YAML 1.2's core schema (section 10.3.2), without octal and hexadecimal numbers.</summary>
internal static partial class PlainScalar
{
    public static bool? Boolean(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    public static long? Integer(string text) =>
        IntegerText().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    public static double? Number(string text) => text.ToLowerInvariant() switch
    {
        ".inf" or "+.inf" => double.PositiveInfinity,
        "-.inf" => double.NegativeInfinity,
        ".nan" => double.NaN,
        // What overflows was not meant to be infinite.
        _ when NumberText().IsMatch(text) && double.Parse(text, CultureInfo.InvariantCulture) is var value && double.IsFinite(value) => value,
        _ => null,
    };

    /// <summary>Writes a number so that it reads back as the same bits, here and in readers of YAML 1.1, which want a point in <c>1.0e-05</c>.</summary>
    public static string Write(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
        }
        var text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.Contains('e') && !text.Contains('.') ? text.Replace("e", ".0e") : text;
    }

    /// <summary>Whether a text may stand without quotation marks and still be read as text, by any reader.</summary>
    public static bool IsSafeText(string text) => SafeText().IsMatch(text) && !ReservedWord().IsMatch(text);

    [GeneratedRegex(@"\A[-+]?[0-9]+\z")]
    private static partial Regex IntegerText();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex NumberText();

    [GeneratedRegex(@"\A[A-Za-z_/]([A-Za-z0-9_./ -]*[A-Za-z0-9_./-])?\z")]
    private static partial Regex SafeText();

    [GeneratedRegex(@"\A(null|true|false|yes|no|on|off|y|n)\z", RegexOptions.IgnoreCase)]
    private static partial Regex ReservedWord();
}
