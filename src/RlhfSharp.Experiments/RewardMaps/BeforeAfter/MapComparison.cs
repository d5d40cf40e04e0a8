using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Two maps by the same recipe of two generators, one before and one after its training, say: what <c>rlhf map --before</c> does.</summary>
/// <remarks>Compared are texts without a parent, for the others depend on what the search found. With one recipe and seed both generators are asked for the same, number for number, and intervals use that.</remarks>
public static class MapComparison
{
    private const string FileName = "comparison.json";
    private const double Rounding = 1e-3;   // a score may depend on the batch it is computed in by as much
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Compares and writes <c>comparison.json</c> and <c>report.html</c>.</summary>
    /// <param name="before">The run of the first map.</param>
    /// <param name="after">The run of the other one, by the same recipe but for its generator.</param>
    /// <param name="directory">Where the files go; what an earlier comparison left there is replaced.</param>
    /// <returns>The result: <c>change</c> and <c>change/AXIS/LABEL</c> of the first reward that reads texts, <c>change/REWARD</c> and below of further ones.</returns>
    /// <exception cref="InputException">A run is no map or not done, the maps differ in more than the generator, or the folder is a run.</exception>
    public static MapResult Run(string before, string after, string directory)
    {
        var watch = Stopwatch.StartNew();
        if (File.Exists(ExperimentFolder.FactsIn(directory)))
        {
            throw new InputException($"'{directory}' is a run. Choose another folder for the comparison by --run.");
        }
        var (first, second) = (FinishedMap.Read(before), FinishedMap.Read(after));
        first.RequireAlike(second);
        RequireSameReward(first, second);
        var changes = RewardChange.Of(first, second);
        var (metrics, intervals) = (new OrderedDictionary<string, double>(), new OrderedDictionary<string, Interval>());
        foreach (var (name, value, interval) in Metrics(first, second, changes))
        {
            metrics[name] = value;
            if (interval is { } known)
            {
                intervals[name] = known;
            }
        }
        SafeDirectory.Create(directory);
        var report = Path.Combine(directory, "report.html");
        AtomicFile.WriteAllText(Path.Combine(directory, FileName), ToJson(first, second, changes).ToJsonString(Indented) + "\n");
        var result = new MapResult(directory, report, Picture: null, watch.Elapsed.TotalSeconds, [], [.. changes.Select(change => change.Conclusion())], metrics, intervals);
        MapComparisonReport.Write(report, first, second, changes, result);
        return result;
    }

    // Each seed's own texts, for which the same text must have the same reward.
    private static void RequireSameReward(FinishedMap before, FinishedMap after)
    {
        foreach (var (one, other) in before.Seeds.Zip(after.Seeds).SelectMany(seed => seed.First.Events.Zip(seed.Second.Events)).Select(pair => (pair.First.Solution, pair.Second.Solution)))
        {
            if (one.Step >= before.Recipe.StartSteps || one.Text != other.Text || one.PromptHash != other.PromptHash)
            {
                continue;
            }
            foreach (var reward in before.Recipe.TextRewards)
            {
                var place = before.Recipe.PlaceOf(reward.Name);
                if (Math.Abs(one.Rewards[place] - other.Rewards[place]) > Rounding * (1 + Math.Abs(one.Rewards[place])))
                {
                    throw new InputException(
                        $"Text {one.Id} is the same in both maps, and '{reward.Name}' gives it {one.Rewards[place]:G4} in {before.Directory} and {other.Rewards[place]:G4} in {after.Directory}: "
                        + "it is not the same reward model.");
                }
            }
        }
    }

    private static IEnumerable<(string Name, double Value, Interval? Interval)> Metrics(FinishedMap before, FinishedMap after, IReadOnlyList<RewardChange> changes)
    {
        foreach (var (index, change) in changes.Index())
        {
            var prefix = index == 0 ? "change" : $"change/{change.Reward}";
            foreach (var (name, group) in change.Labels.Select(label => ($"{prefix}/{label.Axis}/{label.Change.Labels[0]}", label.Change)).Prepend((prefix, change.All)))
            {
                if (group.Change is { } value)
                {
                    yield return (name, value, group.Interval);
                }
            }
        }
        var first = changes[0];
        yield return ("pairs", first.Pairs.Count, null);
        if (first.LengthChange is { } length)
        {
            yield return ("change_length", length, first.LengthInterval);
        }
        foreach (var (name, map, texts) in new[] { ("before", before, first.All.Before), ("after", after, first.All.After) })
        {
            yield return ($"texts/{name}", texts, null);
            yield return ($"duplicates/{name}", map.Seeds.Sum(seed => seed.Events.Count(one => one.Solution.Step < map.Recipe.StartSteps && one.Outcome.Reason == RejectReason.Duplicate)), null);
        }
    }

    private static JsonObject ToJson(FinishedMap before, FinishedMap after, IReadOnlyList<RewardChange> changes) => new()
    {
        ["before"] = before.Directory.Replace('\\', '/'),
        ["after"] = after.Directory.Replace('\\', '/'),
        ["rewards"] = new JsonArray([.. changes.Select(change => (JsonNode)new JsonObject
        {
            ["reward"] = change.Reward,
            ["conclusion"] = change.Conclusion(),
            ["all"] = ToJson(change.All),
            ["labels"] = new JsonArray([.. change.Labels.Select(label =>
            {
                var json = ToJson(label.Change);
                json.Insert(0, "axis", label.Axis);
                return (JsonNode)json;
            })]),
            ["cells"] = new JsonArray([.. change.Cells.Select(cell => (JsonNode)ToJson(cell))]),
        })]),
    };

    private static JsonObject ToJson(GroupChange group) => new()
    {
        ["labels"] = new JsonArray([.. group.Labels.Select(label => JsonValue.Create(label))]),
        ["nBefore"] = group.Before,
        ["nAfter"] = group.After,
        ["meanBefore"] = group.MeanBefore,
        ["meanAfter"] = group.MeanAfter,
        ["change"] = group.Change,
        ["interval"] = group.Interval is { } interval ? new JsonArray(interval.Low, interval.High) : null,
        ["separated"] = group.IsSeparated,
    };
}
