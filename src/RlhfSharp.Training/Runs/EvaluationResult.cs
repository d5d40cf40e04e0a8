using System.Text.Json.Nodes;

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
}
