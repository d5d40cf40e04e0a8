namespace RlhfSharp.QualityDiversity.Statistics;

/// <summary>What is known about one cell from all its evaluations, not only from its best.</summary>
public sealed class CellStatistics
{
    private readonly List<double> _values = [];

    /// <summary>Gets the objectives seen, in their order.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>Gets how many objectives were seen.</summary>
    public int Count => _values.Count;

    /// <summary>Gets how many evaluations were rejected.</summary>
    public int Rejected { get; private set; }

    /// <summary>Gets the mean; null without values.</summary>
    public double? Mean => Count > 0 ? _values.Average() : null;

    /// <summary>Gets the sample standard deviation; null with fewer than two values.</summary>
    public double? StandardDeviation => Count > 1 && Mean is { } mean ? Math.Sqrt(_values.Sum(value => (value - mean) * (value - mean)) / (Count - 1)) : null;

    /// <summary>Gets the highest value: a lower bound of what can be reached in the cell, exact if the objective is deterministic. Null without values.</summary>
    public double? LowerBound => Count > 0 ? _values.Max() : null;

    /// <summary>Estimates the expected best of k evaluations.</summary>
    /// <param name="k">From 1.</param>
    /// <returns>The estimate; null with fewer than k values.</returns>
    public double? ExpectedBestOf(int k) => Count >= k ? BestOfK.Expected(_values, k) : null;

    internal void Add(double value)
    {
        if (double.IsFinite(value))
        {
            _values.Add(value);
        }
        else
        {
            Rejected++;
        }
    }

    internal void Reject() => Rejected++;
}
