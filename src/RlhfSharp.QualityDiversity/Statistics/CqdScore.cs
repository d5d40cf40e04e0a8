namespace RlhfSharp.QualityDiversity.Statistics;

/// <summary>The continuous QD score (Kent et al. 2022): how well an archive serves targets that lie anywhere among the measures, not only in the
/// middle of a cell.</summary>
/// <remarks>For each target and penalty θ: max over elites of (objective − min) / (max − min) − θ·distance / longest distance, summed over targets
/// and penalties. pyribs 0.9 divides the objective itself by max − min, without subtracting min first. With negative objectives its scores
/// are too low, and shifting all objectives changes them; here it does not.</remarks>
public static class CqdScore
{
    /// <summary>Computes the score.</summary>
    /// <param name="elites">Objective and measures of each elite; finite.</param>
    /// <param name="targets">Points among the measures, <c>[targets][measures]</c>.</param>
    /// <param name="penalties">Values of θ, from 0; usually some from 0 to 1.</param>
    /// <param name="lowest">The lowest objective there can be; it counts as 0.</param>
    /// <param name="highest">The highest objective there can be; it counts as 1.</param>
    /// <param name="longestDistance">The longest distance between two points among the measures; above 0.</param>
    /// <returns>The sum; −∞ without elites.</returns>
    /// <exception cref="ArgumentException">Ends are not in order, or a target has another number of measures than an elite.</exception>
    public static double Of(
        IReadOnlyList<(double Objective, IReadOnlyList<double> Measures)> elites,
        IReadOnlyList<IReadOnlyList<double>> targets,
        IReadOnlyList<double> penalties,
        double lowest,
        double highest,
        double longestDistance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Check.Finite(highest), Check.Finite(lowest));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Check.Finite(longestDistance));
        var sum = 0.0;
        foreach (var target in targets)
        {
            var distances = elites.Select(elite => Distance(target, elite.Measures) / longestDistance).ToList();
            foreach (var penalty in penalties)
            {
                sum += elites.Zip(distances, (elite, distance) => (elite.Objective - lowest) / (highest - lowest) - penalty * distance)
                    .DefaultIfEmpty(double.NegativeInfinity)
                    .Max();
            }
        }
        return sum;
    }

    private static double Distance(IReadOnlyList<double> target, IReadOnlyList<double> measures)
    {
        Check.Length(target.Count, measures.Count, "as many measures as an elite has");
        return Math.Sqrt(target.Zip(measures, (a, b) => (a - b) * (a - b)).Sum());
    }
}
