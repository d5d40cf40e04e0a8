using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What the axes do to the reward, with and without the length of texts held equal.</summary>
/// <remarks>reward = mean + one number per label of each axis (+ slope · log length), by least squares over all texts that were placed. With one seed, standard errors allow for
/// texts of one line of descent being alike; with several, the seeds are the sample (Student's t).</remarks>
internal sealed class MapEffects
{
    // Where a label has few lines, what its texts leave unexplained says next to nothing about its spread: with one line 68% of comparisons without any difference are
    // "separated" at 5%, with ten 2 to 5% (simulated, 100 other lines).
    internal const int FewestLines = Statistics.MinimumBootstrapClusters;

    private readonly IReadOnlyList<MapAxis> _axes;

    private MapEffects(IReadOnlyList<MapAxis> axes, IReadOnlyList<MapContrast> contrasts) => (_axes, Contrasts) = (axes, contrasts);

    /// <summary>Gets all pairs of labels of all axes; those of an axis are missing where it cannot be told apart from another.</summary>
    public IReadOnlyList<MapContrast> Contrasts { get; }

    /// <summary>Computes the effects.</summary>
    /// <param name="seeds">The searches, one per seed.</param>
    /// <param name="isLengthEqual">Whether length is held equal.</param>
    public static MapEffects Of(IReadOnlyList<MapSummary> seeds, bool isLengthEqual)
    {
        var fits = seeds.Select(seed => AdditiveFit.Of(seed, isLengthEqual)).ToList();
        var axes = seeds[0].State.Axes;
        var contrasts = axes.SelectMany((_, axis) => Compare(axes[axis], axis, fits)).ToList();
        return new MapEffects(axes, contrasts);
    }

    /// <summary>Says which label of each axis is lowest and which is highest, where that holds against every other label that can be compared; names those that cannot.</summary>
    public IEnumerable<string> Conclusions() => _axes.Select(axis =>
    {
        var contrasts = Contrasts.Where(contrast => contrast.Axis == axis.Name).ToList();
        if (contrasts.Count == 0)
        {
            return $"{axis.Name}: cannot be compared, for labels do not vary independently of each other, or have fewer than {FewestLines} independent texts";
        }
        var labels = contrasts.SelectMany(contrast => new[] { contrast.First, contrast.Second }).Distinct().ToList();
        var lowest = labels.FirstOrDefault(label => IsBelowAll(contrasts, label, sign: 1));
        var highest = labels.FirstOrDefault(label => IsBelowAll(contrasts, label, sign: -1));
        string?[] claims = [lowest is null ? null : $"{lowest} is lowest", highest is null ? null : $"{highest} is highest"];
        var leftOut = axis.Bins.Labels.Except(labels).ToList();
        var among = leftOut.Count == 0 ? string.Empty : $" among {string.Join(", ", labels)} (too few independent texts: {string.Join(", ", leftOut)})";
        return $"{axis.Name}: {(lowest ?? highest) switch { null => "not separated at this budget", _ => string.Join(", ", claims.OfType<string>()) }}{among}";
    });

    private static bool IsBelowAll(IEnumerable<MapContrast> contrasts, string label, int sign) => contrasts
        .Where(contrast => contrast.First == label || contrast.Second == label)
        .All(contrast => contrast.IsSeparated && sign * (contrast.First == label ? 1 : -1) * contrast.Difference < 0);

    private static IEnumerable<MapContrast> Compare(MapAxis axis, int index, IReadOnlyList<AdditiveFit?> fits)
    {
        if (fits.Any(fit => fit is null))
        {
            return [];
        }
        var labels = axis.Bins.Labels;
        var lines = LinesNeeded(fits.Count);
        var pairs = (from first in Enumerable.Range(0, labels.Count)
                     from second in Enumerable.Range(first + 1, labels.Count - first - 1)
                     where fits.All(fit => fit!.Has(index, first, lines) && fit.Has(index, second, lines))
                     select (first, second)).ToList();
        var tests = JointTest.Decide(
            pairs.ConvertAll(pair => fits.Select(fit => fit!.Estimate(index, [(pair.first, 1), (pair.second, -1)])).ToList()), fits.Max(fit => fit!.Largest));
        return pairs.Zip(tests, (pair, test) => new MapContrast(axis.Name, labels[pair.first], labels[pair.second], test.Value, test.Interval, test.Holds));
    }

    /// <summary>Gets how many lines of descent a label needs to be compared: over seeds the seeds are the sample, however few texts each has.</summary>
    internal static int LinesNeeded(int seeds) => seeds > 1 ? 1 : FewestLines;
}
