namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What labels, pairs of labels and length are worth by themselves: where <see cref="MapEffects"/> compares labels with each other, this compares them with the average.</summary>
internal sealed class MapDeviations
{
    private MapDeviations(IReadOnlyList<MapDeviation> labels, IReadOnlyList<MapDeviation> together, MapDeviation? length) => (Labels, Together, Length) = (labels, together, length);

    /// <summary>Gets those of all labels that can be compared.</summary>
    public IReadOnlyList<MapDeviation> Labels { get; }

    /// <summary>Gets those of the cells of each two axes, as far as the table of the two is filled.</summary>
    public IReadOnlyList<MapDeviation> Together { get; }

    /// <summary>Gets that of length; null unless length is held equal, and where all texts have one length.</summary>
    public MapDeviation? Length { get; }

    /// <summary>Gets all of them.</summary>
    public IEnumerable<MapDeviation> All => Length is null ? Labels.Concat(Together) : Labels.Concat(Together).Append(Length);

    /// <summary>Computes them.</summary>
    /// <param name="seeds">The searches, one per seed. With several, the seeds are the sample.</param>
    /// <param name="isLengthEqual">Whether length is held equal.</param>
    public static MapDeviations Of(IReadOnlyList<MapSummary> seeds, bool isLengthEqual)
    {
        var axes = seeds[0].State.Axes;
        var fits = seeds.Select(seed => AdditiveFit.Of(seed, isLengthEqual)).OfType<AdditiveFit>().ToList();
        var isFitted = fits.Count == seeds.Count;
        var designs = seeds.Select(MapDesign.Of).ToList();
        var together = from first in Enumerable.Range(0, axes.Count)
                       from second in Enumerable.Range(first + 1, axes.Count - first - 1)
                       from deviation in OfTable(axes[first], axes[second], CellTable.Of(designs, first, second, MapEffects.LinesNeeded(seeds.Count)), designs, isLengthEqual)
                       select deviation;
        return new MapDeviations([.. isFitted ? axes.SelectMany((axis, index) => OfLabels(axis, index, fits)) : []], [.. together], isFitted ? OfLength(fits) : null);
    }

    private static IEnumerable<MapDeviation> OfLabels(MapAxis axis, int index, List<AdditiveFit> fits)
    {
        var lines = MapEffects.LinesNeeded(fits.Count);
        var bins = Enumerable.Range(0, axis.Bins.Bins).Where(bin => fits.All(fit => fit.Has(index, bin, lines))).ToList();
        if (bins.Count < 2)
        {
            return [];
        }
        var estimates = bins.ConvertAll(bin => fits.ConvertAll(fit => fit.Estimate(index, bins.Select(other => (other, (other == bin ? 1.0 : 0.0) - 1.0 / bins.Count)))));
        var tests = JointTest.Decide(estimates, fits.Max(fit => fit.Largest));
        return bins.Zip(tests, (bin, test) => new MapDeviation(MapDeviation.NameOf(axis.Name, axis.Bins.Labels[bin]), test.Value, test.Interval, test.Holds));
    }

    private static IEnumerable<MapDeviation> OfTable(MapAxis first, MapAxis second, CellTable? table, List<MapDesign> designs, bool isLengthEqual)
    {
        var fits = table is null ? [] : designs.Select(design => CellFit.Of(design, table, isLengthEqual)).OfType<CellFit>().ToList();
        if (table is null || fits.Count < designs.Count)
        {
            return [];
        }
        var cells = table.Cells.ToList();
        var tests = JointTest.Decide(cells.ConvertAll(cell => fits.ConvertAll(fit => fit.Deviation(cell))), fits.Max(fit => fit.Largest));
        return cells.Zip(tests, (cell, test) => new MapDeviation(
            MapDeviation.NameOf(first.Name, second.Name, first.Bins.Labels[cell.First], second.Bins.Labels[cell.Second]), test.Value, test.Interval, test.Holds));
    }

    private static MapDeviation? OfLength(List<AdditiveFit> fits)
    {
        var estimates = fits.Select(fit => fit.PerDoubling).OfType<FitEstimate>().ToList();
        return estimates.Count < fits.Count ? null
            : JointTest.Decide([estimates], fits.Max(fit => fit.Largest)).Select(test => new MapDeviation(MapDeviation.Length, test.Value, test.Interval, test.Holds)).Single();
    }
}
