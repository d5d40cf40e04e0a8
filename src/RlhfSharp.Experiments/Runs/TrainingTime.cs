using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Runs;

/// <summary>How long a run has trained, from what it wrote down.</summary>
internal static class TrainingTime
{
    /// <summary>Adds up the time to the last logged step; a run that was interrupted began to count anew each time.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <returns>Seconds, sampling and evaluations on the way included; 0 where nothing was trained.</returns>
    public static double Read(string directory)
    {
        var (total, last) = (0.0, 0.0);
        foreach (var seconds in File.Exists(Path.Combine(directory, "timing.jsonl")) ? MetricLog.Read(directory, "timing.jsonl").Select(Seconds) : [])
        {
            total += seconds < last ? last : 0;
            last = seconds;
        }
        return total + last;
    }

    private static double Seconds(JsonObject line) => (double)line["seconds"]!;
}
