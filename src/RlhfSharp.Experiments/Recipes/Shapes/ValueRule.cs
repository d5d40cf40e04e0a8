using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>What validation attributes demand of a value, in words.</summary>
internal static class ValueRule
{
    /// <summary>Checks a value.</summary>
    /// <returns>What is allowed; null when the value is.</returns>
    public static string? Check(ValidationAttribute rule, object value) =>
        IsAllowed(rule, value) ? null : rule switch
        {
            RangeAttribute range => Words(Bounds.Of(range, value.GetType())),
            AllowedValuesAttribute allowed => $"one of: {string.Join(", ", allowed.Values.Select(Name))}",
            MinLengthAttribute minimum => $"at least {minimum.Length} {(value is string ? "characters" : "entries")}",
            MaxLengthAttribute maximum => $"at most {maximum.Length} {(value is string ? "characters" : "entries")}",
            RegularExpressionAttribute expression => $"text of the form {expression.Pattern}",
            _ => rule.FormatErrorMessage("this"),
        };

    /// <summary>Whether the rule is about every entry of a list rather than about the list.</summary>
    public static bool IsAboutEntries(ValidationAttribute rule) => rule is RangeAttribute or AllowedValuesAttribute or RegularExpressionAttribute;

    /// <summary>Writes a value as in a recipe.</summary>
    public static string Name(object? value) => value switch
    {
        Enum name => JsonNamingPolicy.KebabCaseLower.ConvertName(name.ToString()),
        double number => PlainScalar.Write(number),
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null",
    };

    // Not the attributes' own judgement: they find NaN in ranges and the empty text in every pattern.
    private static bool IsAllowed(ValidationAttribute rule, object value) => (rule, value) switch
    {
        (RangeAttribute range, int or long or double) => Bounds.Of(range, value.GetType()).Contain(value),
        (RegularExpressionAttribute { Pattern: var pattern }, string text) => Regex.IsMatch(text, $@"\A(?:{pattern})\z"),
        _ => rule.IsValid(value),
    };

    private static string Words(Bounds bounds) => bounds switch
    {
        { Minimum: { } low, Maximum: { } high, MinimumIsExclusive: false, MaximumIsExclusive: false } => $"{Number(low)} to {Number(high)}",
        { Minimum: { } low, Maximum: { } high } => $"{From(bounds, low)} and {To(bounds, high)}",
        { Minimum: { } low } => From(bounds, low),
        { Maximum: { } high } => To(bounds, high),
        _ => "a finite number",
    };

    private static string From(Bounds bounds, double low) => $"{(bounds.MinimumIsExclusive ? "greater than" : "at least")} {Number(low)}";

    private static string To(Bounds bounds, double high) => $"{(bounds.MaximumIsExclusive ? "less than" : "at most")} {Number(high)}";

    private static string Number(double value) => PlainScalar.Write(value);
}
