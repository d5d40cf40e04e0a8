using System.Text.Json.Nodes;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Training.Runs;

/// <summary>What an evaluation found.</summary>
/// <param name="Metrics">Names and values.</param>
/// <param name="Samples">Lines for <c>samples.jsonl</c>; may be empty.</param>
/// <param name="Observations">For metrics whose interval is wanted, the single values with the group each belongs to.</param>
[method: System.Text.Json.Serialization.JsonConstructor]
public sealed record EvaluationResult(
    IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyList<JsonObject> Samples,
    IReadOnlyDictionary<string, IReadOnlyList<Observation>> Observations)
{
    /// <summary>Initializes a result of metrics alone.</summary>
    /// <param name="metrics">Names and values.</param>
    public EvaluationResult(IReadOnlyDictionary<string, double> metrics)
        : this(metrics, [], new Dictionary<string, IReadOnlyList<Observation>>())
    {
    }

    /// <summary>Gets 95% intervals of metrics that are no means of single values, such as rates (Wilson) and ratios.</summary>
    public IReadOnlyDictionary<string, Interval> Intervals { get; init; } = new Dictionary<string, Interval>();
}
