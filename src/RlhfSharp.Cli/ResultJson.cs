using System.Text.Json.Nodes;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Cli;

/// <summary>The one JSON object at the end of a run's output: where it lies, its numbers, their intervals.</summary>
internal static class ResultJson
{
    public static void Write(
        CommandContext context, string directory, string report, double seconds, IEnumerable<KeyValuePair<string, double>> metrics, IEnumerable<KeyValuePair<string, Interval>> intervals)
    {
        var json = Scores(metrics, intervals);
        json.Insert(0, "run", directory);
        json.Insert(1, "report", report);
        json.Insert(2, "seconds", seconds);
        context.WriteJson(json);
    }

    /// <summary>Writes numbers and intervals by name.</summary>
    public static JsonObject Scores(IEnumerable<KeyValuePair<string, double>> metrics, IEnumerable<KeyValuePair<string, Interval>> intervals) => new()
    {
        ["metrics"] = new JsonObject(metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)JsonValue.Create(metric.Value)))),
        ["intervals"] = new JsonObject(intervals.Select(interval => KeyValuePair.Create(interval.Key, (JsonNode?)new JsonArray(interval.Value.Low, interval.Value.High)))),
    };
}
