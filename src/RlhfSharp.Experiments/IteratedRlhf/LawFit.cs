using RlhfSharp.Training.Metrics;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>A law of Gao et al. 2022 with the coefficients that a curve of evaluations calls for.</summary>
/// <param name="Law">Which law.</param>
/// <param name="Alpha">α, what the first steps gain; gold's standard deviations per √nat.</param>
/// <param name="Beta">β, how fast the gain fades; the law has a peak where it is above 0.</param>
/// <param name="Residual">Standard deviation of the points around the law, two degrees of freedom taken off; in gold's standard deviations.</param>
internal sealed record LawFit(OveroptimizationLaw Law, double Alpha, double Beta, double Residual)
{
    private const int Coefficients = 2;
    private const double Collinear = 1e-9;   // below this share of what it could be, the determinant is rounding

    /// <summary>Fits by least squares. Points at the start itself say nothing about the coefficients and are left out: the law is 0 there.</summary>
    /// <param name="law">Which law.</param>
    /// <param name="distances">√KL of each point, <c>[points]</c>, 0 or more.</param>
    /// <param name="gold">Gold, whose mean on answers of the start is 0, <c>[points]</c>.</param>
    /// <returns>The fit; null with fewer than three points away from the start, or where they do not determine both coefficients.</returns>
    public static LawFit? Of(OveroptimizationLaw law, ReadOnlySpan<double> distances, ReadOnlySpan<double> gold)
    {
        // gold ≈ α·u − β·v with u = d and v = d·f(d): linear in both coefficients.
        var (count, uu, uv, vv, uy, vy) = (0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < distances.Length; i++)
        {
            if (distances[i] > 0)
            {
                var (u, v) = (distances[i], distances[i] * Fading(law, distances[i]));
                (count, uu, uv, vv, uy, vy) = (count + 1, uu + u * u, uv + u * v, vv + v * v, uy + u * gold[i], vy + v * gold[i]);
            }
        }
        var determinant = uu * vv - uv * uv;
        if (count <= Coefficients || determinant <= Collinear * uu * vv)
        {
            return null;
        }
        var fit = new LawFit(law, (vv * uy - uv * vy) / determinant, -(uu * vy - uv * uy) / determinant, 0);
        var squares = 0.0;
        for (var i = 0; i < distances.Length; i++)
        {
            var residual = gold[i] - fit.At(distances[i]);
            squares += distances[i] > 0 ? residual * residual : 0;
        }
        return fit with { Residual = Math.Sqrt(squares / (count - Coefficients)) };
    }

    /// <summary>Fits a law to one iteration.</summary>
    /// <param name="law">Which law.</param>
    /// <param name="points">Points of one iteration, of one seed; for the best of n the first is n = 1.</param>
    /// <returns>The fit, and intervals of α and β over what prompts are about; no intervals with fewer than ten such things. The fit is null where the points do not determine it.</returns>
    /// <remarks>The intervals say how α and β would vary with other prompts, for this very training; how they vary with the seed only several seeds can tell.</remarks>
    public static (LawFit? Fit, Interval? Alpha, Interval? Beta) Of(OveroptimizationLaw law, IReadOnlyList<IterationPoint> points)
    {
        var curve = CurveSample.Of(points, _ => true);
        LawFit? Drawn(ReadOnlySpan<int> counts) => Of(law, curve.Means(counts));
        if (Drawn([]) is not { } fit)
        {
            return (null, null, null);
        }
        if (curve.Things < Statistics.MinimumBootstrapClusters)
        {
            return (fit, null, null);
        }
        var intervals = Statistics.BootstrapEach(
            curve.Things, counts => Drawn(counts) is { } drawn ? [drawn.Alpha, drawn.Beta] : [double.NaN, double.NaN], seed: 0);
        return (fit, intervals[0], intervals[1]);
    }

    /// <summary>Tells which law a way of improving a policy follows.</summary>
    public static OveroptimizationLaw LawOf(ObjectiveOptions objective) => objective is BestOfNOptions ? OveroptimizationLaw.BestOfN : OveroptimizationLaw.Reinforcement;

    /// <summary>Computes what the law says.</summary>
    /// <param name="distance">√KL, 0 or more.</param>
    public double At(double distance) => distance > 0 ? distance * (Alpha - Beta * Fading(Law, distance)) : 0;

    private static LawFit? Of(OveroptimizationLaw law, (double[] Gold, double[] Kl) means)
    {
        // Of the best of n, the best of 1 is known better than from the answers that scores are standardised on: it is the start, where the law is 0.
        var start = law == OveroptimizationLaw.BestOfN ? means.Gold[0] : 0;
        for (var i = 0; i < means.Kl.Length; i++)
        {
            means.Gold[i] -= start;
            means.Kl[i] = Math.Sqrt(Math.Max(0, means.Kl[i]));   // an estimate near 0 may fall below
        }
        return Of(law, means.Kl, means.Gold);
    }

    private static double Fading(OveroptimizationLaw law, double distance) => law == OveroptimizationLaw.BestOfN ? distance : Math.Log(distance);
}
