using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Converts between YAML and JSON. Numbers keep their digits, so that nothing is lost on the way there and back.</summary>
internal static partial class JsonNodes
{
    /// <exception cref="NotFiniteNumberException">A number is infinite or NaN.</exception>
    public static JsonNode? FromNode(RecipeNode node) => node switch
    {
        MapNode map => new JsonObject(map.Entries
            .Where(entry => entry.Value is not RemovedNode)
            .Select(entry => KeyValuePair.Create(entry.Key, FromNode(entry.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(FromNode)]),
        ScalarNode { IsNull: false } scalar => FromScalar(scalar),
        _ => null,
    };

    public static RecipeNode ToNode(Origin origin, JsonNode? json) => json switch
    {
        JsonObject section => new MapNode(origin, [.. section.Select(pair => new MapEntry(pair.Key, origin, ToNode(origin, pair.Value)))]),
        JsonArray list => new ListNode(origin, [.. list.Select(item => ToNode(origin, item))]),
        null => new ScalarNode(origin, "null", isPlain: true),
        _ when json.GetValueKind() == JsonValueKind.String => ScalarText.Write(origin, json.GetValue<string>()),
        _ => new ScalarNode(origin, json.ToJsonString(), isPlain: true),
    };

    private static JsonNode FromScalar(ScalarNode scalar) =>
        !scalar.IsPlain ? JsonValue.Create(scalar.Text)
        : PlainScalar.Boolean(scalar.Text) is { } truth ? JsonValue.Create(truth)
        : JsonNumber().IsMatch(scalar.Text) ? JsonNode.Parse(scalar.Text)!
        : PlainScalar.Number(scalar.Text) is not { } number ? JsonValue.Create(scalar.Text)
        : double.IsFinite(number) ? JsonValue.Create(number)
        : throw new NotFiniteNumberException();

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();
}
