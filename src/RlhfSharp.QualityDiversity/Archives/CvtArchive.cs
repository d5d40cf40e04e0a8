namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>The archive of CVT-MAP-Elites (Vassiliades, Chatzilygeroudis and Mouret 2018, https://arxiv.org/abs/1610.05729): a cell is what lies nearest to
/// its centroid, so that the number of cells does not grow with the number of measures.</summary>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class CvtArchive<TSolution> : Archive<TSolution>
{
    private readonly NearestPoint _nearest;

    /// <summary>Initializes an empty archive.</summary>
    /// <param name="centroids">The cells; the same centroids give the same cells, whenever they are loaded.</param>
    /// <param name="measureNames">One name per coordinate; null for <c>measure 1</c> and so on.</param>
    /// <param name="depth">How many solutions a cell keeps, from 1.</param>
    /// <param name="qdScoreOffset">Subtracted from each objective in the QD score: the lowest objective there can be.</param>
    /// <exception cref="ArgumentException">There is another number of names than of coordinates.</exception>
    public CvtArchive(CvtCentroids centroids, IReadOnlyList<string>? measureNames = null, int depth = 1, double qdScoreOffset = 0)
        : base(centroids.Rows.Length, measureNames ?? [.. Enumerable.Range(1, centroids.Rows[0].Length).Select(number => $"measure {number}")], depth, qdScoreOffset)
    {
        Check.Length(MeasureNames.Count, centroids.Rows[0].Length, "one name per coordinate of a centroid");
        (Centroids, _nearest) = (centroids, new NearestPoint(centroids.Rows));
    }

    /// <summary>Gets the centroids: save them beside the archive.</summary>
    public CvtCentroids Centroids { get; }

    private protected override int Locate(ReadOnlySpan<double> measures) => _nearest.Find(measures);
}
