namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Finds texts that go in circles.</summary>
internal static class TextRepetition
{
    /// <summary>A larger share of three words in a row that were there before is no refrain any more: a poem of four stanzas with one line of six words in common has 0.15.</summary>
    public const double Limit = 0.3;

    private const int Words = 3;
    private const int FewestRuns = 10;        // shorter texts have too little to repeat
    private const int LongestSameSign = 10;   // such a row of one sign is no punctuation

    /// <summary>Computes which share of all three words in a row were there before.</summary>
    /// <returns>From 0; 0 for texts of fewer than twelve words.</returns>
    public static double Share(string text)
    {
        var runs = TextWords.Runs(TextWords.Of(text), Words).ToList();
        return runs.Count < FewestRuns ? 0 : 1 - (double)runs.Distinct(StringComparer.Ordinal).Count() / runs.Count;
    }

    /// <summary>Says whether a text repeats too much, or one sign ten times in a row.</summary>
    public static bool IsIn(string text) => Share(text) > Limit || HasRow(text);

    private static bool HasRow(string text)
    {
        var row = 0;
        for (var i = 1; i < text.Length; i++)
        {
            row = text[i] == text[i - 1] && !char.IsWhiteSpace(text[i]) ? row + 1 : 0;
            if (row >= LongestSameSign - 1)
            {
                return true;
            }
        }
        return false;
    }
}
