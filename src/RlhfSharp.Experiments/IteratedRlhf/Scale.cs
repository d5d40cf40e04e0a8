using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Where a score lies, and how far it spreads, on answers of the start.</summary>
/// <param name="Mean">Its mean.</param>
/// <param name="Deviation">Its standard deviation; 1 where all scores are equal.</param>
internal readonly record struct Scale(double Mean, double Deviation)
{
    /// <summary>Measures it.</summary>
    public static Scale Of(IReadOnlyList<double> scores)
    {
        var deviation = Statistics.StandardDeviation([.. scores]);
        return new Scale(scores.Average(), deviation > 0 ? deviation : 1);
    }

    /// <summary>Brings a score to mean 0 and standard deviation 1.</summary>
    public double Apply(double score) => (score - Mean) / Deviation;
}
