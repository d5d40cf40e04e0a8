using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Training.Rewards;

/// <summary>The scores of a file of rows.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Scores">As many per row as it has requests.</param>
public sealed record ScoringResult(IReadOnlyList<ScoredRow> Rows, IReadOnlyList<IReadOnlyList<double>> Scores)
{
    /// <summary>Gets how often the chosen side of a preference scores higher; null where no row is a preference.</summary>
    /// <value>From 0 to 1, with Wilson's interval; equal scores count as wrong, as in TRL.</value>
    public Estimate? Accuracy
    {
        get
        {
            var pairs = Scores.Where(scores => scores.Count == 2).ToList();
            var right = pairs.Count(scores => scores[0] > scores[1]);
            return pairs.Count == 0 ? null : new Estimate((double)right / pairs.Count, Statistics.Wilson(right, pairs.Count));
        }
    }

    /// <summary>Gets the mean score of the single answers, or the mean margin of chosen over rejected.</summary>
    public Estimate Mean
    {
        get
        {
            double[] values = [.. Scores.Select(scores => scores.Count == 2 ? scores[0] - scores[1] : scores[0])];
            var mean = values.Average();
            return values.Length < Statistics.MinimumBootstrapClusters
                ? new Estimate(mean)
                : new Estimate(mean, Statistics.ClusteredMean(values, [.. Enumerable.Range(0, values.Length)], seed: 0));
        }
    }
}
