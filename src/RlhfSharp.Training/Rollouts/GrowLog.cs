using System.Text.Json;
using System.Text.Json.Serialization;
using RlhfSharp.Models.Generation;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Training.Rollouts;

/// <summary>The samples of the latest round, part after part, on disk, before they are scored: a run that was killed while it drew them, or before the next commit, does not draw them again.</summary>
/// <remarks>Resuming never cuts it back. Training up to the round is the same when it is done again, and so would the samples be.</remarks>
/// <param name="log">A run's <c>growing.jsonl</c>.</param>
public sealed class GrowLog(AppendLog log)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>Reads what there is of a round.</summary>
    /// <param name="round">From 0.</param>
    /// <param name="samplesPerPart">How many samples are appended at a time: a part that is not whole does not count, and is cut off.</param>
    /// <param name="count">How many samples the round has; its last part may be smaller.</param>
    /// <returns>Samples, in the order in which they were appended.</returns>
    public IReadOnlyList<GeneratedSample> Read(int round, int samplesPerPart, int count)
    {
        var lines = log.ReadLines();
        var samples = lines.Select(line => JsonSerializer.Deserialize<Line>(line, Options)!).Where(line => line.Round == round).Select(line => line.Sample).ToList();
        var whole = samples.Count == count ? count : samples.Count - samples.Count % samplesPerPart;
        if (whole < lines.Count)
        {
            log.CutTo(0);
            Append(round, samples[..whole]);
        }
        return samples[..whole];
    }

    /// <summary>Appends a part of the round that was read last.</summary>
    /// <param name="round">The round.</param>
    /// <param name="part">Its samples.</param>
    public void Append(int round, IReadOnlyList<GeneratedSample> part)
    {
        foreach (var sample in part)
        {
            log.Append(JsonSerializer.Serialize(new Line(round, sample), Options));
        }
        log.Sync();
    }

    private sealed record Line(int Round, GeneratedSample Sample);
}
