using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A line of <c>events.jsonl</c>: a text and what became of it. These lines are the truth; archive, tables and pictures are made of them.</summary>
/// <param name="Solution">The text.</param>
/// <param name="Outcome">What became of it.</param>
internal sealed record MapEvent(MapSolution Solution, MapOutcome Outcome)
{
    public JsonObject ToJson(MapNames names)
    {
        var json = Written(names);
        if (Solution.Cut.Count > 0)
        {
            json["cut"] = new JsonArray([.. Solution.Cut.Select(name => JsonValue.Create(name))]);
        }
        if (Solution.Group is { } group)
        {
            json["group"] = group;
        }
        return json;
    }

    /// <summary>Reads the text of a line; what became of it follows from the lines before.</summary>
    /// <exception cref="InputException">The line is not one that this program wrote for this recipe.</exception>
    public static MapSolution Read(string line, MapNames names, string where)
    {
        try
        {
            var json = JsonNode.Parse(line)!.AsObject();
            return new MapSolution
            {
                Id = (long)json["id"]!,
                Step = (int)json["step"]!,
                Operator = (string)json["operator"]!,
                Parents = [.. json["parents"]!.AsArray().Select(id => (long)id!)],
                Requested = Labels(names.Axes, json["requested"]!),
                Judged = Labels(names.Axes, json["judged"]!),
                PromptHash = (string)json["promptHash"]!,
                Text = (string)json["text"]!,
                Rewards = [.. names.Rewards.Select(name => (double?)json["rewards"]![name] ?? double.NaN)],
                Cut = [.. json["cut"]?.AsArray().Select(name => (string)name!) ?? []],
                Group = (string?)json["group"],
            };
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new InputException($"{where}: is no evaluation of this recipe: {exception.Message} Start the map anew with --overwrite.", exception);
        }
    }

    private JsonObject Written(MapNames names) => new()
    {
        ["id"] = Solution.Id,
        ["step"] = Solution.Step,
        ["operator"] = Solution.Operator,
        ["parents"] = new JsonArray([.. Solution.Parents.Select(id => JsonValue.Create(id))]),
        ["requested"] = Labels(names.Axes, Solution.Requested),
        ["judged"] = Labels(names.Axes, Solution.Judged),
        ["promptHash"] = Solution.PromptHash,
        ["status"] = Text(Outcome.Status),
        ["reason"] = Outcome.Reason is { } reason ? Text(reason) : null,
        ["cell"] = Outcome.Cell,
        ["replaced"] = Outcome.Replaced,
        ["rewards"] = new JsonObject(names.Rewards.Zip(Solution.Rewards, (name, value) =>
            KeyValuePair.Create(name, (JsonNode?)(double.IsFinite(value) ? JsonValue.Create(value) : null)))),
        ["text"] = Solution.Text,
    };

    private static JsonObject Labels(IReadOnlyList<string> axes, IReadOnlyList<string?> labels) =>
        new(axes.Zip(labels).Where(axis => axis.Second is not null).Select(axis => KeyValuePair.Create(axis.First, (JsonNode?)JsonValue.Create(axis.Second))));

    private static string?[] Labels(IReadOnlyList<string> axes, JsonNode json) => [.. axes.Select(axis => (string?)json[axis])];

    internal static string Text(AddStatus status) => status switch
    {
        AddStatus.NotAdded => "not-added",
        _ => status.ToString().ToLowerInvariant(),
    };

    internal static string Text(RejectReason reason) => reason switch
    {
        RejectReason.NoLabel => "no-label",
        RejectReason.OtherLabel => "other-label",
        RejectReason.NoReward => "no-reward",
        _ => reason.ToString().ToLowerInvariant(),
    };
}
