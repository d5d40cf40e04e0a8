namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Shortens texts to what a reward model can read.</summary>
internal static class FirstLines
{
    /// <summary>Finds the longest beginning of a text that fits.</summary>
    /// <param name="text">A text that does not fit.</param>
    /// <param name="fits">Whether a text fits; a beginning of one that does, does too.</param>
    /// <returns>Whole lines; where not even the first one fits, whole words of it; null where no word fits.</returns>
    public static string? Of(string text, Func<string, bool> fits) => Longest(text, Ends(text, character => character == '\n'), fits)
        ?? Longest(text, Ends(text, char.IsWhiteSpace), fits);

    private static string? Longest(string text, List<int> ends, Func<string, bool> fits)
    {
        var (fitting, tooLong) = (-1, ends.Count);
        while (tooLong - fitting > 1)
        {
            var middle = (fitting + tooLong) / 2;
            (fitting, tooLong) = fits(text[..ends[middle]]) ? (middle, tooLong) : (fitting, middle);
        }
        return fitting < 0 ? null : text[..ends[fitting]];
    }

    // Lengths of the beginnings that end before a separator, without white space at their ends.
    private static List<int> Ends(string text, Func<char, bool> separates) =>
        [.. Enumerable.Range(0, text.Length).Where(place => separates(text[place])).Select(place => text.AsSpan(0, place).TrimEnd().Length).Where(length => length > 0).Distinct()];
}
