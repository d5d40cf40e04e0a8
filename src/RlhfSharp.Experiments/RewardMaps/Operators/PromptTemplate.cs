using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Prompts with names in braces, such as <c>{genre}</c> and <c>{parent.genre}</c>.</summary>
internal static partial class PromptTemplate
{
    /// <summary>Finds the names in a template.</summary>
    public static IEnumerable<string> Names(string template) => Name().Matches(template).Select(match => match.Groups[1].Value);

    /// <summary>Puts values in the place of names. Braces inside a value stay as they are.</summary>
    public static string Render(string template, Func<string, string> value) => Name().Replace(template, match => value(match.Groups[1].Value));

    [GeneratedRegex(@"\{([A-Za-z][A-Za-z0-9_.-]*)\}")]
    private static partial Regex Name();
}
