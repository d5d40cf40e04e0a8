using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>What a model may give as the name of a topic or a thing.</summary>
internal static class NameRules
{
    private const int Longest = 60;
    private const int MostWords = 6;

    /// <summary>Tidies a name: no numbering, quotes, full stop or line break around it.</summary>
    /// <returns>The name; null if nothing is left that could be one.</returns>
    public static string? Tidy(string? text)
    {
        var name = Regex.Replace(text ?? string.Empty, @"\s+", " ").Trim();
        name = Regex.Replace(name, @"^(?:\d+[.):]|[-*\u2022])\s+", string.Empty).Trim('"', '\u201C', '\u201D', '*', '_', '`', ' ').TrimEnd('.', ',', ';', ':');
        var isName = name.Length is > 0 and <= Longest && name.Count(c => c == ' ') < MostWords && Regex.IsMatch(name, @"[\p{L}\p{N}]");
        return isName ? name : null;
    }

    /// <summary>Gets what two spellings of one name share; also serves as a part of ids.</summary>
    public static string Key(string name) => Regex.Replace(name.ToLowerInvariant(), @"[^\p{L}\p{N}]+", "-").Trim('-');

    /// <summary>Finds the entries of a numbered or dotted list, for models that write one instead of JSON.</summary>
    public static IEnumerable<string> ListEntries(string text) =>
        Regex.Matches(text, @"^[ \t]*(?:\d+[.)]|[-*\u2022])[ \t]+(.+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value.Trim());
}
