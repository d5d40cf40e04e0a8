namespace RlhfSharp.Training.Objectives;

/// <summary>What the best of n samples is worth and how far it lies from the model that drew them.</summary>
public static class BestOfN
{
    /// <summary>Computes log n − (n − 1)/n, the divergence of the best of n samples from one sample.</summary>
    /// <param name="samples">n, from 1 up.</param>
    /// <returns>In nats. Exact where no two samples have the same score (Stiennon et al. 2020, https://arxiv.org/abs/2009.01325, appendix G.3); where texts repeat or
    /// scores tie it is an upper bound (Beirami et al. 2024, https://arxiv.org/abs/2401.01879), and one that a model of few different answers lies far below.</returns>
    /// <exception cref="ArgumentOutOfRangeException">n is below 1.</exception>
    public static double Divergence(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        return Math.Log(samples) - (samples - 1.0) / samples;
    }

    /// <summary>Estimates, without bias, a value of the best of n samples from N ≥ n of them: its mean over all choices of n.</summary>
    /// <param name="scores">What the best is chosen by, <c>[N]</c>; of equal ones the earlier counts as the better.</param>
    /// <param name="values">The value in question, <c>[N]</c>.</param>
    /// <param name="samples">n, from 1 to N.</param>
    /// <returns>Σ C(i − 1, n − 1) / C(N, n) · value of the i-th lowest score, i from n to N (Coste et al. 2023, https://arxiv.org/abs/2310.02743).</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ n ≤ N.</exception>
    public static double Expected(IReadOnlyList<double> scores, IReadOnlyList<double> values, int samples)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(values);
        if (scores.Count != values.Count)
        {
            throw new ArgumentException($"There are {scores.Count} scores and {values.Count} values; each sample has one of both.", nameof(values));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(samples, scores.Count);
        var (sum, weight, rank) = (0.0, (double)samples / scores.Count, scores.Count);   // the highest score is the best of all choices that hold it: n/N of them
        foreach (var best in Enumerable.Range(0, scores.Count).OrderByDescending(index => scores[index]).Take(scores.Count - samples + 1))   // a stable sort
        {
            sum += weight * values[best];
            weight *= rank > 1 ? (rank - samples) / (rank - 1.0) : 0;   // C(i − 2, n − 1) / C(i − 1, n − 1)
            rank--;
        }
        return sum;
    }
}
