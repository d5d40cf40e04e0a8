namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Holm's step-down procedure (1979): of several hypotheses that are all true, one is rejected with at most 5% probability.</summary>
internal static class Holm
{
    private const double Level = 0.05;

    /// <summary>Decides.</summary>
    /// <param name="chances">For each difference, the chance of one as large or larger where there is none, from 0 to 1.</param>
    /// <returns>Whether each difference holds.</returns>
    public static bool[] Decide(IReadOnlyList<double> chances)
    {
        var holds = new bool[chances.Count];
        foreach (var (rank, index) in Enumerable.Range(0, chances.Count).OrderBy(index => chances[index]).Index())
        {
            if (!(chances[index] < Level / (chances.Count - rank)))
            {
                break;   // the smaller ones do not hold either
            }
            holds[index] = true;
        }
        return holds;
    }
}
