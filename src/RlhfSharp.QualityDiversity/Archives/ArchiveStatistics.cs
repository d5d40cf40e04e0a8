namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>What is said about an archive as a whole.</summary>
/// <param name="Elites">Occupied cells.</param>
/// <param name="Cells">All cells.</param>
/// <param name="Coverage">Share of cells that are occupied, 0 to 1; 1 for an archive that makes a cell for every solution it keeps.</param>
/// <param name="QdScore">Sum over occupied cells of the best objective minus the offset (Pugh et al. 2015). With an offset at or below every objective it never
/// falls when a cell fills.</param>
/// <param name="NormalizedQdScore"><paramref name="QdScore"/> divided by <paramref name="Cells"/>; 0 without cells.</param>
/// <param name="Best">Highest objective; null while the archive is empty.</param>
/// <param name="Mean">Mean of the cells' best objectives; null while the archive is empty.</param>
/// <param name="Rejected">Solutions that were offered but could not be placed.</param>
public sealed record ArchiveStatistics(
    int Elites, int Cells, double Coverage, double QdScore, double NormalizedQdScore, double? Best, double? Mean, long Rejected)
{
    internal static ArchiveStatistics Of(IEnumerable<double> objectives, int cells, double offset, long rejected)
    {
        // Added up cell by cell, from the offset: of terms that do not fall and are not negative the sum does not fall either, however it is rounded. Sum and offsets apart would cancel.
        var (count, sum, qdScore, best) = (0, 0.0, 0.0, double.NegativeInfinity);
        foreach (var objective in objectives)
        {
            (count, sum, qdScore, best) = (count + 1, sum + objective, qdScore + (objective - offset), Math.Max(best, objective));
        }
        var divisor = Math.Max(cells, 1);
        return new(
            count, cells, (double)count / divisor, qdScore, qdScore / divisor, count > 0 ? best : null, count > 0 ? sum / count : null, rejected);
    }
}
