using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>Reads and writes what a sweep keeps of a trial on disk, beside what its training runs keep there.</summary>
internal static class TrialFolder
{
    private const string FailedName = "failed.json";
    private const string ReasonKey = "reason";
    private const string TrainingOnly = "learning_rate";   // stands in lines of training, not in those of evaluations
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes down that a trial failed. It is not tried again.</summary>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public static void WriteFailure(string sweep, string trial, string reason)
    {
        SafeDirectory.Create(Path.Combine(sweep, trial));
        AtomicFile.WriteAllText(Path.Combine(sweep, trial, FailedName), new JsonObject { [ReasonKey] = reason }.ToJsonString(Indented) + "\n");
    }

    /// <summary>Reads why a trial failed; null where it did not.</summary>
    /// <exception cref="InputException">The file is broken.</exception>
    public static string? ReadFailure(string sweep, string trial)
    {
        var path = Path.Combine(sweep, trial, FailedName);
        try
        {
            return File.Exists(path) ? (string?)JsonNode.Parse(File.ReadAllText(path))?[ReasonKey] ?? string.Empty : null;
        }
        catch (JsonException exception)
        {
            throw new InputException($"'{path}' is not valid: {exception.Message}", exception);
        }
    }

    /// <summary>Says whether a training run has come to the end of a rung.</summary>
    public static bool HasReached(ExperimentMember member, SweepRung rung) => TrainingPhase.HasReached(RunProgress.Read(member.Directory), StopAfter(member, rung));

    /// <summary>Gets the step after which a training run pauses.</summary>
    public static int StopAfter(ExperimentMember member, SweepRung rung) => rung.Steps ?? member.Recipe.Loop.MaxSteps;

    /// <summary>Reads the score of a trial at the end of a rung that all its runs have reached.</summary>
    /// <exception cref="InputException">A metric is not measured, or is no number.</exception>
    public static TrialScore ReadScore(SweepOptions sweep, IReadOnlyList<ExperimentMember> members, SweepRung rung)
    {
        var runs = members.Select(member => Evaluations(member, StopAfter(member, rung))).ToList();
        return TrialScore.Of(sweep, runs.Max(run => run[^1].Step), [.. runs.Select(run => (run[0].Metrics, run[^1].Metrics))]);
    }

    private static IReadOnlyList<(int Step, IReadOnlyDictionary<string, double> Metrics)> Evaluations(ExperimentMember member, int upTo) =>
    [
        .. MetricLog.ReadCommitted(member.Directory)
            .Where(line => !line.ContainsKey(TrainingOnly) && (int)line["step"]! <= upTo)
            .Select(line => ((int)line["step"]!, Numbers(line))),
    ];

    private static IReadOnlyDictionary<string, double> Numbers(JsonObject line) => new OrderedDictionary<string, double>(
        line.Where(pair => pair.Value is not null && pair.Key is not ("step" or "epoch")).Select(pair => KeyValuePair.Create(pair.Key, (double)pair.Value!)));
}
