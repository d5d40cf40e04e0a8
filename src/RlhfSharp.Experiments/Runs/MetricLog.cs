using System.Text;
using System.Text.Json.Nodes;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Reads the logs of a run.</summary>
internal static class MetricLog
{
    /// <summary>Reads the lines of a log of a run that is done.</summary>
    public static IReadOnlyList<JsonObject> Read(string runDirectory, string name = "metrics.jsonl") =>
        [.. File.ReadLines(Path.Combine(runDirectory, name)).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>Reads the lines of the metrics of a run that may have been killed: those that its last commit counts.</summary>
    public static IReadOnlyList<JsonObject> ReadCommitted(string runDirectory)
    {
        const string Name = "metrics.jsonl";
        using var file = File.OpenRead(Path.Combine(runDirectory, Name));
        var bytes = new byte[RunProgress.Read(runDirectory)?.LogLengths.GetValueOrDefault(Name) ?? 0];
        file.ReadExactly(bytes);
        return [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
