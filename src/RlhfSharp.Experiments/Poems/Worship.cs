namespace RlhfSharp.Experiments.Poems;

/// <summary>The words by which a hymn is told from a ballad: names of God, praise and prayer.</summary>
internal static class Worship
{
    private static readonly HashSet<string> Words =
    [
        .. """
           god lord christ jesus saviour savior redeemer almighty creator maker lamb spirit trinity emmanuel immanuel jehovah
           praise praises praised bless blessed blest hallelujah alleluia amen hosanna hymn hymns psalm psalms anthem anthems
           holy divine sacred worship adore adored adoring altar angels angel heavenly eternal immortal grace salvation saints prayer pray faith glory
           """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    public static bool IsWordOfWorship(string word) => Words.Contains(Syllables.Fold(word).Replace("'s", string.Empty, StringComparison.Ordinal));
}
