using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Cli.Tests.Docs;

/// <summary>Writes the recipes' JSON Schema as tables: a section of a recipe, or a kind of it, each.</summary>
internal static class OptionTables
{
    public static string Create()
    {
        var text = new StringBuilder();
        Section(text, "The recipe itself", RecipeSchema.Create(typeof(TrainingRecipe)));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, JsonObject schema)
    {
        var later = new List<(string Title, JsonObject Schema)>();
        text.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n| key | values | default | meaning |\n|---|---|---|---|\n");
        foreach (var (key, property) in schema["properties"]!.AsObject())
        {
            if (key == "kind")
            {
                continue;   // in the title
            }
            var isRequired = schema["required"] is JsonArray required && required.Any(name => name!.ToString() == key);
            var inner = property!.AsObject();
            var fallback = isRequired ? "required" : inner["default"] is { } value ? $"`{value.ToJsonString()}`" : string.Empty;
            var meaning = Cell(inner["description"]?.ToString() ?? string.Empty);
            text.Append(CultureInfo.InvariantCulture, $"| `{key}` | {Values(inner)} | {fallback} | {meaning} |\n");
            later.AddRange(Sections(key, inner));
        }
        later.ForEach(section => Section(text, section.Title, section.Schema));
    }

    private static IEnumerable<(string Title, JsonObject Schema)> Sections(string key, JsonObject schema) =>
        schema["oneOf"] is JsonArray kinds ? kinds.Select(kind => ($"`{key}` with `kind: {Kind(kind!)}`", kind!.AsObject()))
        : schema["items"]?["oneOf"] is JsonArray entries ? entries.Select(kind => ($"`{key}`, an entry with `kind: {Kind(kind!)}`", kind!.AsObject()))
        : schema["items"] is JsonObject items && items["properties"] is not null ? [($"`{key}`, each entry", items)]
        : schema["additionalProperties"] is JsonObject entry && entry["properties"] is not null ? [($"`{key}`, each entry", entry)]
        : schema["properties"] is JsonObject { Count: > 0 } ? [($"`{key}`", schema)]
        : schema["anyOf"] is JsonArray choices && choices[0]!["properties"] is JsonObject { Count: > 0 } ? [($"`{key}`", choices[0]!.AsObject())]
        : [];

    private static string Values(JsonObject schema) =>
        schema["enum"] is JsonArray names ? string.Join(", ", names.Select(name => $"`{name}`"))
        : schema["oneOf"] is JsonArray kinds ? $"kind: {string.Join(", ", kinds.Select(kind => $"`{Kind(kind!)}`"))}"
        : schema["anyOf"] is JsonArray choices ? Values(choices[0]!.AsObject())
        : schema["type"] is not { } named ? "any value"
        : named.ToString() switch
        {
            "array" => $"list of {Values(schema["items"]!.AsObject())}",
            "object" => "section",
            "string" => "text",
            "boolean" => "`true`, `false`",
            var type => $"{(type == "integer" ? "whole number" : "number")}{Range(schema)}",
        };

    private static string Range(JsonObject schema)
    {
        // The ends of what a number can hold are no limits.
        string? Bound(string key, string sign) =>
            schema[key] is { } bound && Math.Abs((double)bound) < int.MaxValue ? $" {sign} {bound.ToJsonString()}" : null;
        string?[] bounds = [Bound("minimum", "≥"), Bound("exclusiveMinimum", ">"), Bound("maximum", "≤"), Bound("exclusiveMaximum", "<")];
        return string.Join(",", bounds.OfType<string>());
    }

    private static string Kind(JsonNode schema) => schema["properties"]!["kind"]!["const"]!.ToString();

    private static string Cell(string text) => text.Replace("|", "\\|").Replace("\n", " ");
}
