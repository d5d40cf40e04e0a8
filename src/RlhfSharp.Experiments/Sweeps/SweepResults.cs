using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Sweeps;

/// <summary>Reads what became of all trials from their folders, and writes it down.</summary>
internal static class SweepResults
{
    private const string TrialsName = "trials.jsonl";
    private const string BestName = "best.yaml";

    /// <summary>Reads all trials.</summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="directory">Its folder.</param>
    /// <returns>By index.</returns>
    public static IReadOnlyList<TrialResult> Read(SweepPlan plan, string directory)
    {
        var members = plan.Members(directory).ToLookup(member => member.Variant);
        return [.. plan.Trials.Select(trial => Read(plan, trial, [.. members[trial.Name]], directory))];
    }

    /// <summary>Gets the best of the trials that were trained to their end; null where there is none.</summary>
    public static TrialResult? Best(SweepPlan plan, IReadOnlyList<TrialResult> results) =>
        TrialResult.Ranked(results.Where(result => result.Status == TrialStatus.Done), plan.Sweep.Goal).FirstOrDefault();

    /// <summary>Writes the table of trials, a line of JSON each, and the best one's recipe.</summary>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public static void Write(SweepPlan plan, IReadOnlyList<TrialResult> results, string directory)
    {
        AtomicFile.WriteAllText(Path.Combine(directory, TrialsName), string.Concat(results.Select(result => Line(result).ToJsonString() + "\n")));
        if (Best(plan, results) is { Trial.Recipe: { } recipe } best)
        {
            var named = recipe with
            {
                Name = $"{recipe.Name}-best",
                Description = $"The settings of {best.Trial.Name}, the best of {results.Count} trials of {recipe.Name}.",
                Caveats = [],
            };
            AtomicFile.WriteAllText(BestPath(directory), RecipeWriter.ToYaml(named));
        }
    }

    /// <summary>Names the file with the best trial's recipe.</summary>
    public static string BestPath(string directory) => Path.Combine(directory, BestName);

    private static TrialResult Read(SweepPlan plan, SweepTrial trial, IReadOnlyList<ExperimentMember> members, string directory)
    {
        if (trial.Problem is not null)
        {
            return new TrialResult(trial, TrialStatus.Failed, [], trial.Problem);
        }
        var scores = new List<TrialScore>();
        foreach (var rung in plan.Rungs.TakeWhile(rung => members.All(member => TrialFolder.HasReached(member, rung))))
        {
            try
            {
                scores.Add(TrialFolder.ReadScore(plan.Sweep, members, rung));
            }
            catch (InputException exception)
            {
                return new TrialResult(trial, TrialStatus.Failed, scores, exception.Message);
            }
        }
        return TrialFolder.ReadFailure(directory, trial.Name) is { } reason ? new TrialResult(trial, TrialStatus.Failed, scores, reason)
            : new TrialResult(trial, scores.Count == plan.Rungs.Count ? TrialStatus.Done : scores.Count > 0 ? TrialStatus.Stopped : TrialStatus.Waiting, scores, null);
    }

    private static JsonObject Line(TrialResult result) => new()
    {
        ["trial"] = result.Trial.Index,
        ["status"] = ValueRule.Name(result.Status),
        ["steps"] = result.Last?.Step,
        ["value"] = result.Last?.Value,
        ["meets_bars"] = result.Last?.MeetsBars,
        ["settings"] = result.Trial.SettingsJson(),
        ["metrics"] = result.Last is { } last ? new JsonObject(last.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))) : null,
        ["problem"] = result.Problem,
    };
}
