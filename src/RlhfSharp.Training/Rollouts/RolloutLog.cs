using System.Text.Encodings.Web;
using System.Text.Json;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Training.Rollouts;

/// <summary>The samples of a run, round after round, on disk: what is there is never drawn again.</summary>
/// <param name="log">A run's <c>rollouts.jsonl</c>, cut back to the last commit already.</param>
public sealed class RolloutLog(AppendLog log)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private int? _lastRound;   // on disk; -1 for none

    /// <summary>Reads all samples of a run that is done.</summary>
    /// <param name="path">Its <c>rollouts.jsonl</c>.</param>
    /// <returns>The samples, in the order in which they were drawn.</returns>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static IReadOnlyList<Rollout> ReadAll(string path)
    {
        try
        {
            return Parse(File.ReadLines(path));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            throw new InputException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads samples from lines.</summary>
    /// <param name="lines">Lines of a <c>rollouts.jsonl</c>.</param>
    /// <returns>The samples, in their order.</returns>
    public static IReadOnlyList<Rollout> Parse(IEnumerable<string> lines) => [.. lines.Select(line => JsonSerializer.Deserialize<Rollout>(line, Options)!)];

    /// <summary>Appends a round.</summary>
    /// <param name="rollouts">All of its samples.</param>
    public void Append(IReadOnlyList<Rollout> rollouts)
    {
        _lastRound = rollouts[^1].Round;
        foreach (var rollout in rollouts)
        {
            log.Append(JsonSerializer.Serialize(rollout, Options));
        }
    }

    /// <summary>Reads a round.</summary>
    /// <param name="round">From 0.</param>
    /// <param name="count">How many samples it has.</param>
    /// <returns>Its samples, in their order; null if it was not drawn yet.</returns>
    /// <exception cref="InputException">Some of its samples are missing: the file was changed from outside.</exception>
    public IReadOnlyList<Rollout>? Read(int round, int count)
    {
        _lastRound ??= log.ReadLines() is [.., var last] ? JsonSerializer.Deserialize<Rollout>(last, Options)!.Round : -1;
        if (round > _lastRound)
        {
            return null;
        }
        var prefix = $$"""{"round":{{round}},""";
        var rollouts = log.ReadLines().Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => JsonSerializer.Deserialize<Rollout>(line, Options)!).ToList();
        return rollouts.Count == count ? rollouts
            : throw new InputException($"Round {round} of the samples on disk has {rollouts.Count} of {count}: rollouts.jsonl was changed from outside.");
    }
}
