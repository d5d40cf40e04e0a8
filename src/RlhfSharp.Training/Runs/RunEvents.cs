using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Training.Runs;

/// <summary>Writes JSON lines into a run's logs.</summary>
public static class RunEvents
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Appends metrics.</summary>
    /// <param name="log">The log.</param>
    /// <param name="step">The number of updates so far.</param>
    /// <param name="epoch">Passes over the data so far.</param>
    /// <param name="metrics">Names and values; a value that is no finite number is written as null.</param>
    public static void AppendMetrics(this AppendLog log, int step, double epoch, IEnumerable<KeyValuePair<string, double>> metrics)
    {
        var json = new JsonObject { ["step"] = step, ["epoch"] = Math.Round(epoch, 4) };
        foreach (var (name, value) in metrics)
        {
            json[name] = double.IsFinite(value) ? value : null;
        }
        log.AppendJson(json);
    }

    /// <summary>Appends an object.</summary>
    /// <param name="log">The log.</param>
    /// <param name="json">The object.</param>
    public static void AppendJson(this AppendLog log, JsonObject json) => log.Append(json.ToJsonString(Compact));
}
