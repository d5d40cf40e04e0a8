using System.Globalization;
using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Names a setting: <c>optimizer.learningRate</c>, <c>variants[0].name</c>, <c>variants.0.set['loop.maxSteps']</c>.</summary>
internal static partial class SettingPath
{
    /// <summary>A key, or the index of a list.</summary>
    /// <param name="Text">The key, or the digits of the index.</param>
    /// <param name="InBrackets">Whether it was written <c>[0]</c>: then it can start a list that does not exist yet.</param>
    public readonly record struct Segment(string Text, bool InBrackets)
    {
        public int? Index => int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    /// <summary>Splits a path.</summary>
    /// <returns>Null when it is not one.</returns>
    public static Segment[]? Parse(string path)
    {
        var match = Pattern().Match(path);
        if (!match.Success)
        {
            return null;
        }
        Segment[] segments =
        [
            .. from kind in new[] { "key", "index", "quoted" }
               from capture in match.Groups[kind].Captures
               orderby capture.Index
               select new Segment(capture.Value, kind == "index"),
        ];
        return segments.Length <= YamlReader.MaxDepth ? segments : null;
    }

    [GeneratedRegex("""
        \A
        (?:(?<key>[^.\[\]='"\s]+) | \['(?<quoted>[^']+)'\])
        (?:\.(?<key>[^.\[\]='"\s]+) | \[(?<index>[0-9]+)\] | \['(?<quoted>[^']+)'\])*
        \z
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
