namespace RlhfSharp.Training.Rollouts;

/// <summary>Makes one score of several.</summary>
public static class EnsembleScore
{
    /// <summary>Combines the scores of one sample.</summary>
    /// <param name="scores">One per model, at least one.</param>
    /// <param name="combination">How.</param>
    /// <param name="uncertaintyWeight">λ in mean − λ·variance; other combinations do not read it.</param>
    /// <returns>The score.</returns>
    public static double Combine(IReadOnlyList<double> scores, EnsembleCombination combination, double uncertaintyWeight)
    {
        var mean = scores.Average();
        return combination switch
        {
            EnsembleCombination.Mean => mean,
            EnsembleCombination.WorstCase => scores.Min(),
            EnsembleCombination.UncertaintyWeighted => mean - uncertaintyWeight * scores.Average(score => (score - mean) * (score - mean)),
            _ => throw new ArgumentOutOfRangeException(nameof(combination), combination, "There is no such combination."),
        };
    }
}
