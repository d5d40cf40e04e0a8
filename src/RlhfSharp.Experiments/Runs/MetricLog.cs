using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Reads the logs of a run.</summary>
internal static class MetricLog
{
    /// <summary>Reads the lines of a log of a run that is done.</summary>
    public static IReadOnlyList<JsonObject> Read(string runDirectory, string name = "metrics.jsonl") =>
        [.. File.ReadLines(Path.Combine(runDirectory, name)).Select(line => JsonNode.Parse(line)!.AsObject())];
}
