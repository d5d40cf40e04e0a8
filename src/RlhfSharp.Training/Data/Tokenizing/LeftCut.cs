namespace RlhfSharp.Training.Data;

/// <summary>Decides how many tokens a dialogue loses at its beginning.</summary>
internal static class LeftCut
{
    /// <summary>Finds the cut: whole exchanges as long as the last user turn stays, else exactly as many tokens as there are too many.</summary>
    /// <param name="excess">How many tokens must go, at least 1; for a pair, those of the longer side.</param>
    /// <param name="borders">Where exchanges begin, ascending; the last one holds the last user turn.</param>
    /// <param name="maximum">The most that may go: what follows belongs to the answer.</param>
    /// <returns>How many tokens go, from <paramref name="excess"/> to <paramref name="maximum"/>; null when that cannot be.</returns>
    public static int? Find(int excess, IReadOnlyList<int> borders, int maximum)
    {
        foreach (var border in borders)
        {
            if (border >= excess && border <= maximum)
            {
                return border;
            }
        }
        return excess <= maximum ? excess : null;
    }
}
