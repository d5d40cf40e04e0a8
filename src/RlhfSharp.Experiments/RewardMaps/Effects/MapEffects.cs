using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What the axes do to the reward, with and without the length of texts held equal.</summary>
/// <remarks>reward = mean + one number per label of each axis (+ slope · log length), by least squares over all texts that were placed. With one seed, standard errors allow for
/// texts of one line of descent being alike; with several, the seeds are the sample (Student's t).</remarks>
internal sealed class MapEffects
{
    private const double Rounding = 1e-9;   // as a share of the largest reward: smaller differences are noise of the arithmetic

    // Where a label has few lines, what its texts leave unexplained says next to nothing about its spread: with one line 68% of comparisons without any difference are
    // "separated" at 5%, with ten 2 to 5% (simulated, 100 other lines).
    private const int FewestLines = Statistics.MinimumBootstrapClusters;

    private readonly IReadOnlyList<MapAxis> _axes;

    private MapEffects(IReadOnlyList<MapAxis> axes, IReadOnlyList<MapContrast> contrasts) => (_axes, Contrasts) = (axes, contrasts);

    /// <summary>Gets all pairs of labels of all axes; those of an axis are missing where it cannot be told apart from another.</summary>
    public IReadOnlyList<MapContrast> Contrasts { get; }

    /// <summary>Computes the effects.</summary>
    /// <param name="seeds">The searches, one per seed.</param>
    /// <param name="isLengthEqual">Whether length is held equal.</param>
    public static MapEffects Of(IReadOnlyList<MapSummary> seeds, bool isLengthEqual)
    {
        var fits = seeds.Select(seed => Fit(seed, isLengthEqual)).ToList();
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

    private static IEnumerable<MapContrast> Compare(MapAxis axis, int index, IReadOnlyList<SeedFit?> fits)
    {
        if (fits.Any(fit => fit is null))
        {
            return [];
        }
        var labels = axis.Bins.Labels;
        var lines = fits.Count > 1 ? 1 : FewestLines;   // over seeds the seeds are the sample, however few texts each has
        var pairs = (from first in Enumerable.Range(0, labels.Count)
                     from second in Enumerable.Range(first + 1, labels.Count - first - 1)
                     where fits.All(fit => fit!.Has(index, first, lines) && fit.Has(index, second, lines))
                     select (first, second, Estimates: fits.Select(fit => fit!.Compare(index, first, second)).ToList())).ToList();
        if (pairs.Count == 0)
        {
            return [];
        }
        var degrees = fits.Count > 1 ? fits.Count - 1 : fits[0]!.Clusters - 1;
        var rounding = Rounding * fits.Max(fit => fit!.Largest);
        var differences = pairs.ConvertAll(pair => pair.Estimates.Average(one => one.Difference));
        var errors = pairs.ConvertAll(pair => fits.Count > 1
            ? Statistics.StandardDeviation([.. pair.Estimates.Select(one => one.Difference)]) / Math.Sqrt(fits.Count)
            : pair.Estimates[0].StandardError);
        double Critical(double level) => Statistics.StudentTQuantile(1 - level / 2, degrees);
        var holds = Holm.Decide([.. differences.Zip(errors, (difference, error) => Math.Abs(difference) <= rounding ? 0 : Math.Abs(difference) / error)], Critical);
        return pairs.Select((pair, i) =>
        {
            var half = Critical(0.05) * errors[i];
            return new MapContrast(
                axis.Name, labels[pair.first], labels[pair.second], differences[i], new Interval(differences[i] - half, differences[i] + half), holds[i]);
        });
    }

    // Null where labels never vary independently of each other.
    private static SeedFit? Fit(MapSummary seed, bool isLengthEqual)
    {
        var design = MapDesign.Of(seed);
        var (rewards, lines) = (design.Rewards, design.Lines);
        var fit = ClusteredRegression.Fit(design.Rows(isLengthEqual), rewards, lines);
        var linesOf = design.Bins.SelectMany((row, text) => row.Select((bin, axis) => (Label: (axis, bin), Line: lines[text])))
            .GroupBy(one => one.Label, one => one.Line).ToDictionary(label => label.Key, Independent);
        // A search begins with many lines of one text each; of a collection one author may have written nearly all that has a label.
        double Independent(IEnumerable<long> label) => seed.Recipe.Generator.KnowsTexts ? EffectiveCount.Of(label) : label.Distinct().Count();
        return fit is null ? null : new SeedFit(fit, design.Columns, linesOf, rewards.Max(Math.Abs));
    }

    private sealed record SeedFit(ClusteredRegression Fit, IReadOnlyList<(int Axis, int Bin)> Columns, IReadOnlyDictionary<(int Axis, int Bin), double> Lines, double Largest)
    {
        public int Clusters => Fit.Clusters;

        public bool Has(int axis, int bin, int lines) => Lines.GetValueOrDefault((axis, bin)) >= lines;

        public (double Difference, double StandardError) Compare(int axis, int first, int second)
        {
            var weights = new double[Fit.Coefficients.Length];
            foreach (var (bin, sign) in new[] { (first, 1), (second, -1) })
            {
                if (Columns.ToList().IndexOf((axis, bin)) is >= 0 and var column)
                {
                    weights[column + 1] = sign;
                }
            }
            return (ClusteredRegression.Dot(weights, Fit.Coefficients), Fit.StandardError(weights));
        }
    }
}
