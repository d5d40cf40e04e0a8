namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>How varied a collection of texts is.</summary>
public static class DistinctPairs
{
    /// <summary>Computes distinct-2: different pairs of neighbouring words divided by all of them (Li et al. 2016, https://arxiv.org/abs/1510.03055).</summary>
    /// <param name="texts">Texts; words are what blanks separate. Comparable between collections of equal size only.</param>
    /// <returns>From 0 (nothing varies, or there is no pair) to 1.</returns>
    public static double Of(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var distinct = new HashSet<(string, string)>();
        var count = 0;
        foreach (var text in texts)
        {
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            for (var i = 1; i < words.Length; i++)
            {
                distinct.Add((words[i - 1], words[i]));
                count++;
            }
        }
        return count == 0 ? 0 : (double)distinct.Count / count;
    }
}
