namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The words of a text as flags compare them: letters and digits in lower case.</summary>
internal static class TextWords
{
    public static IReadOnlyList<string> Of(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Plain).Where(word => word.Length > 0)];

    /// <summary>Makes all runs of so many words.</summary>
    public static IEnumerable<string> Runs(IReadOnlyList<string> words, int length) =>
        Enumerable.Range(0, Math.Max(0, words.Count - length + 1)).Select(start => string.Join(' ', words.Skip(start).Take(length)));

    private static string Plain(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
