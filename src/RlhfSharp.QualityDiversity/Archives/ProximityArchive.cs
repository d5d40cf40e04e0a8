namespace RlhfSharp.QualityDiversity.Archives;

/// <summary>An archive without cells, as in novelty search (Lehman and Stanley 2011): a solution that lies far from all others gets a place of its own.</summary>
/// <remarks>Novelty is the mean distance to the nearest elites. A solution that is not novel competes with its nearest elite, whose cell it
/// falls into. All of this is judged against the archive as it was before the batch, so two novel solutions of one batch may lie close together.</remarks>
/// <typeparam name="TSolution">What is searched for.</typeparam>
public sealed class ProximityArchive<TSolution> : Archive<TSolution>
{
    private readonly int _neighbours;
    private readonly double _noveltyThreshold;
    private readonly bool _competes;

    /// <summary>Initializes an empty archive.</summary>
    /// <param name="measureNames">The measures' names; at least one.</param>
    /// <param name="noveltyThreshold">A solution of at least this novelty is added. Above 0, in the unit of the measures.</param>
    /// <param name="neighbours">How many of the nearest elites make the novelty, from 1; all of them where there are fewer. pyribs' default is 15.</param>
    /// <param name="competes">Whether a solution that is not novel replaces its nearest elite if its objective is higher.</param>
    /// <param name="qdScoreOffset">Subtracted from each objective in the QD score: the lowest objective there can be.</param>
    public ProximityArchive(IReadOnlyList<string> measureNames, double noveltyThreshold, int neighbours = 15, bool competes = true, double qdScoreOffset = 0)
        : base(0, measureNames, depth: 1, qdScoreOffset)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Check.Finite(noveltyThreshold));
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        (_noveltyThreshold, _neighbours, _competes) = (noveltyThreshold, neighbours, competes);
    }

    private protected override bool HasFixedCells => false;

    private protected override bool Competes => _competes;

    /// <summary>Computes how far a point lies from the nearest elites.</summary>
    /// <param name="measures">Finite, <c>[measures]</c>.</param>
    /// <returns>Mean Euclidean distance; infinite while the archive is empty.</returns>
    /// <exception cref="ArgumentException">The number of measures differs.</exception>
    public double NoveltyOf(params ReadOnlySpan<double> measures)
    {
        Check.Length(measures.Length, MeasureCount, $"columns {string.Join(", ", MeasureNames)}");
        return CellCount == 0 ? double.PositiveInfinity : Novelty(Distances(measures));
    }

    private protected override int Locate(ReadOnlySpan<double> measures)
    {
        if (CellCount == 0)
        {
            return OwnCell;
        }
        var distances = Distances(measures);
        var nearest = Array.IndexOf(distances, distances.Min());
        return Novelty(distances) >= _noveltyThreshold ? OwnCell : nearest;
    }

    private double[] Distances(ReadOnlySpan<double> measures)
    {
        var distances = new double[CellCount];
        for (var cell = 0; cell < distances.Length; cell++)
        {
            var elite = MeasuresOf(cell);
            var sum = 0.0;
            for (var j = 0; j < elite.Length; j++)
            {
                sum += (measures[j] - elite[j]) * (measures[j] - elite[j]);
            }
            distances[cell] = Math.Sqrt(sum);
        }
        return distances;
    }

    private double Novelty(double[] distances)
    {
        double[] sorted = [.. distances];
        Array.Sort(sorted);
        return sorted.Take(_neighbours).Average();
    }
}
