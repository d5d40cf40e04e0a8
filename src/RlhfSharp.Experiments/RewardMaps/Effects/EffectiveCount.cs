namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Counts how much independent evidence texts are that come in clusters of different sizes.</summary>
internal static class EffectiveCount
{
    /// <summary>Computes Kish's effective number of clusters, (Σ n)² / Σ n² over their sizes n.</summary>
    /// <param name="clusters">The cluster of each text.</param>
    /// <returns>The number of clusters where all are equally large, less where some are larger: a collection of which one author wrote nearly all counts as hardly more than one;
    /// 0 without texts.</returns>
    public static double Of(IEnumerable<long> clusters)
    {
        double[] sizes = [.. clusters.CountBy(cluster => cluster).Select(cluster => (double)cluster.Value)];
        return sizes.Length == 0 ? 0 : Math.Pow(sizes.Sum(), 2) / sizes.Sum(size => size * size);
    }
}
