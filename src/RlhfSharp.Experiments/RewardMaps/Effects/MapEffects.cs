using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>What the axes do to the reward, with and without the length of texts held equal.</summary>
/// <remarks>reward = mean + one number per label of each axis (+ slope · log length), by least squares over all texts that were placed. With one seed, standard errors allow for
/// texts of one line of descent being alike; with several, the seeds are the sample (Student's t).</remarks>
internal sealed class MapEffects
{
    private const double Rounding = 1e-9;   // as a share of the largest reward: smaller differences are noise of the arithmetic

    private readonly IReadOnlyList<string> _axes;

    private MapEffects(IReadOnlyList<string> axes, IReadOnlyList<MapContrast> contrasts) => (_axes, Contrasts) = (axes, contrasts);

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
        return new MapEffects([.. axes.Select(axis => axis.Name)], contrasts);
    }

    /// <summary>Says which label of each axis is lowest and which is highest, where that holds against every other label.</summary>
    public IEnumerable<string> Conclusions() => _axes.Select(name =>
    {
        var axis = Contrasts.Where(contrast => contrast.Axis == name).ToList();
        if (axis.Count == 0)
        {
            return $"{name}: cannot be compared, for too few texts differ in nothing else";
        }
        var labels = axis.SelectMany(contrast => new[] { contrast.First, contrast.Second }).Distinct().ToList();
        var lowest = labels.FirstOrDefault(label => IsBelowAll(axis, label, sign: 1));
        var highest = labels.FirstOrDefault(label => IsBelowAll(axis, label, sign: -1));
        string?[] claims = [lowest is null ? null : $"{lowest} is lowest", highest is null ? null : $"{highest} is highest"];
        return $"{name}: {(lowest ?? highest) switch { null => "not separated at this budget", _ => string.Join(", ", claims.OfType<string>()) }}";
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
        var pairs = (from first in Enumerable.Range(0, labels.Count)
                     from second in Enumerable.Range(first + 1, labels.Count - first - 1)
                     where fits.All(fit => fit!.Has(index, first) && fit.Has(index, second))
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
        var (state, placed) = (seed.State, seed.State.Events.Where(one => one.Outcome.Cell is not null).ToList());
        var bins = placed.ConvertAll(one => state.Archive.BinsOf(one.Outcome.Cell!.Value));
        // A column for every label that occurs, but the first of each axis: the others are measured against it.
        var columns = state.Axes.SelectMany((_, axis) => bins.Select(row => row[axis]).Distinct().Order().Skip(1).Select(bin => (Axis: axis, Bin: bin))).ToList();
        var rows = placed.Select((one, row) => (double[])
        [
            1, .. columns.Select(column => bins[row][column.Axis] == column.Bin ? 1.0 : 0.0),
            .. isLengthEqual ? [Math.Log(1 + one.Solution.Text.Length)] : Array.Empty<double>(),
        ]).ToList();
        var rewards = placed.ConvertAll(one => one.Solution.Rewards[0]);
        var fit = ClusteredRegression.Fit(rows, rewards, placed.ConvertAll(one => state.RootOf(one.Solution)));
        var present = state.Axes.Select((_, axis) => bins.Select(row => row[axis]).ToHashSet()).ToList();
        return fit is null ? null : new SeedFit(fit, columns, present, rewards.Max(Math.Abs));
    }

    private sealed record SeedFit(ClusteredRegression Fit, List<(int Axis, int Bin)> Columns, List<HashSet<int>> Present, double Largest)
    {
        public int Clusters => Fit.Clusters;

        public bool Has(int axis, int bin) => Present[axis].Contains(bin);

        public (double Difference, double StandardError) Compare(int axis, int first, int second)
        {
            var weights = new double[Fit.Coefficients.Length];
            foreach (var (bin, sign) in new[] { (first, 1), (second, -1) })
            {
                if (Columns.IndexOf((axis, bin)) is >= 0 and var column)
                {
                    weights[column + 1] = sign;
                }
            }
            return (ClusteredRegression.Dot(weights, Fit.Coefficients), Fit.StandardError(weights));
        }
    }
}
