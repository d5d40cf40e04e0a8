using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Writes what is made of a search's events: <c>summary.json</c>, <c>archive.csv</c>, and the figures.</summary>
internal static class MapFiles
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>What stands for a text without a label.</summary>
    public const string NoLabel = "(none)";

    public static void Write(string folder, MapSummary summary)
    {
        AtomicFile.WriteAllText(Path.Combine(folder, "summary.json"), ToJson(summary).ToJsonString(Indented) + "\n");
        AtomicFile.WriteAllText(Path.Combine(folder, "archive.csv"), ToCsv(summary));
        MapFigures.Of(summary).Write(folder);
    }

    public static JsonObject ToJson(MapSummary summary) => new()
    {
        ["name"] = summary.Recipe.Name,
        ["seed"] = summary.Seed,
        ["labelMode"] = summary.Recipe.LabelMode.ToString().ToLowerInvariant(),
        ["coverageIsTrivial"] = summary.IsCoverageTrivial,
        ["metrics"] = new JsonObject(summary.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)JsonValue.Create(metric.Value)))),
        ["intervals"] = new JsonObject(summary.Intervals.Select(interval => KeyValuePair.Create(interval.Key, (JsonNode?)new JsonArray(interval.Value.Low, interval.Value.High)))),
        ["cells"] = new JsonArray([.. Enumerable.Range(0, summary.State.Archive.CellCount).Select(cell => (JsonNode)Cell(summary, cell))]),
        ["confusion"] = new JsonObject(summary.JudgedAxes.Select(axis => KeyValuePair.Create(summary.Recipe.Axes[axis].Name, (JsonNode?)Confusion(summary, axis)))),
        ["operators"] = new JsonObject(summary.State.Events.GroupBy(one => one.Solution.Operator).Select(group => KeyValuePair.Create(group.Key, (JsonNode?)new JsonObject
        {
            ["texts"] = group.Count(),
            ["rejected"] = group.Count(one => one.Outcome.Cell is null),
            ["elites"] = group.Count(one => one.Outcome.Status >= QualityDiversity.Archives.AddStatus.Improved),
        }))),
        ["flags"] = Flags(summary),
        ["interactionShare"] = Interaction.Share(summary),
        ["contrasts"] = ContrastFiles.ToJson(RewardContrast.All([summary])),
        ["effects"] = Effects(MapEffects.Of([summary], isLengthEqual: false), MapEffects.Of([summary], isLengthEqual: true)),
        ["deviations"] = Deviations([summary]),
    };

    /// <summary>Writes what several seeds say together.</summary>
    public static void WriteEffects(string folder, IReadOnlyList<MapSummary> seeds, MapEffects asTheyAre, MapEffects lengthEqual) => AtomicFile.WriteAllText(
        Path.Combine(folder, "summary.json"),
        new JsonObject
        {
            ["effects"] = Effects(asTheyAre, lengthEqual),
            ["contrasts"] = ContrastFiles.ToJson(RewardContrast.All(seeds)),
            ["deviations"] = Deviations(seeds),
        }.ToJsonString(Indented) + "\n");

    /// <summary>Writes what the axes do to the reward, over one seed or several.</summary>
    private static JsonObject Effects(MapEffects asTheyAre, MapEffects lengthEqual)
    {
        JsonObject Part(MapEffects effects) => new()
        {
            ["conclusions"] = new JsonArray([.. effects.Conclusions().Select(claim => JsonValue.Create(claim))]),
            ["contrasts"] = new JsonArray([.. effects.Contrasts.Select(contrast => (JsonNode)new JsonObject
            {
                ["axis"] = contrast.Axis,
                ["first"] = contrast.First,
                ["second"] = contrast.Second,
                ["difference"] = contrast.Difference,
                ["interval"] = new JsonArray(contrast.Interval.Low, contrast.Interval.High),
                ["separated"] = contrast.IsSeparated,
            })]),
        };
        return new JsonObject { ["asTheyAre"] = Part(asTheyAre), ["lengthEqual"] = Part(lengthEqual) };
    }

    /// <summary>Writes what labels, pairs of labels and length are worth by themselves.</summary>
    private static JsonObject Deviations(IReadOnlyList<MapSummary> seeds)
    {
        JsonArray Part(bool isLengthEqual) => new([.. MapDeviations.Of(seeds, isLengthEqual).All.Select(deviation => (JsonNode)new JsonObject
        {
            ["name"] = deviation.Name,
            ["value"] = deviation.Value,
            ["interval"] = new JsonArray(deviation.Interval.Low, deviation.Interval.High),
            ["holds"] = deviation.Holds,
        })]);
        return new JsonObject { ["asTheyAre"] = Part(false), ["lengthEqual"] = Part(true) };
    }

    private static JsonObject Cell(MapSummary summary, int cell)
    {
        var (archive, seen) = (summary.State.Archive, summary.State.Ledger.Cells[cell]);
        // The bound on what lies above the maximum holds for independent draws, which only those of the first phase are.
        var independent = summary.State.Events.Count(one => one.Outcome.Cell == cell && one.Solution.Step < summary.Recipe.StartSteps);
        return new JsonObject
        {
            ["labels"] = new JsonArray([.. archive.BinsOf(cell).Select((bin, axis) => JsonValue.Create(summary.State.Axes[axis].Bins.Labels[bin]))]),
            ["n"] = seen.Count,
            ["mean"] = seen.Mean,
            ["sd"] = seen.StandardDeviation,
            ["lowerBound"] = seen.LowerBound,
            ["expectedBestOfK"] = seen.ExpectedBestOf(summary.Recipe.BestOf),
            ["k"] = summary.Recipe.BestOf,
            ["independent"] = independent,
            ["massAboveTheirMaximum"] = independent > 0 ? BestOfK.MassAboveMaximum(independent) : null,
            ["cut"] = summary.State.Events.Count(one => one.Outcome.Cell == cell && one.Solution.Cut.Count > 0),
            ["elite"] = archive.Best(cell)?.Solution.Id,
            ["filteredLowerBound"] = summary.Flags.Clean.GetValueOrDefault(cell)?.Solution.Rewards[0],
            ["filteredElite"] = summary.Flags.Clean.GetValueOrDefault(cell)?.Solution.Id,
        };
    }

    // How many texts each flag marks, and which elites.
    private static JsonObject Flags(MapSummary summary)
    {
        var elites = summary.State.Archive.Where(elite => summary.Flags[elite.Solution.Id] != TextFlag.None);
        return new JsonObject
        {
            ["meanings"] = new JsonObject(TextFlags.All.Select(flag => KeyValuePair.Create(TextFlags.Name(flag), (JsonNode?)JsonValue.Create(TextFlags.Meaning(flag))))),
            ["elites"] = new JsonArray([.. elites.Select(elite => (JsonNode)new JsonObject
            {
                ["id"] = elite.Solution.Id,
                ["flags"] = Names(summary, elite.Solution.Id),
            })]),
        };
    }

    private static JsonArray Names(MapSummary summary, long id) => [.. TextFlags.Names(summary.Flags[id]).Select(name => JsonValue.Create(name))];

    private static JsonObject Confusion(MapSummary summary, int axis)
    {
        var confusion = summary.Confusion(axis);
        return new JsonObject(summary.State.Axes[axis].Labels!.Select(requested => KeyValuePair.Create(requested, (JsonNode?)new JsonObject(
            summary.State.Axes[axis].Labels!.Append(string.Empty).Select(judged =>
                KeyValuePair.Create(judged.Length > 0 ? judged : NoLabel, (JsonNode?)JsonValue.Create(confusion.GetValueOrDefault((requested, judged)))))))));
    }

    private static string ToCsv(MapSummary summary)
    {
        var names = MapNames.Of(summary.Recipe);
        var csv = new StringBuilder();
        Line(csv, ["cell", .. names.Axes, "rank", "id", "n", .. names.Rewards, "flags", "text"]);
        for (var cell = 0; cell < summary.State.Archive.CellCount; cell++)
        {
            var labels = summary.State.Archive.BinsOf(cell).Select((bin, axis) => summary.State.Axes[axis].Bins.Labels[bin]);
            foreach (var (rank, elite) in summary.State.Archive.Kept(cell).Index())
            {
                Line(csv,
                [
                    $"{cell}", .. labels, $"{rank + 1}", $"{elite.Solution.Id}", $"{summary.State.Ledger.Cells[cell].Count}",
                    .. elite.Solution.Rewards.Select(reward => reward.ToString("R", CultureInfo.InvariantCulture)),
                    string.Join(' ', TextFlags.Names(summary.Flags[elite.Solution.Id])), elite.Solution.Text,
                ]);
            }
        }
        return csv.ToString();
    }

    // RFC 4180, lines ending in a line feed as in every file of a run.
    private static void Line(StringBuilder csv, IEnumerable<string> fields) => csv.AppendJoin(',', fields.Select(field =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"")}\"" : field)).Append('\n');
}
