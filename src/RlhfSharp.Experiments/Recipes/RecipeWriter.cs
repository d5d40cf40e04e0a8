using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Writes a recipe out in full, defaults included, so that it can be read again to the same end.</summary>
public static class RecipeWriter
{
    /// <summary>Writes a recipe.</summary>
    /// <param name="recipe">The recipe's record.</param>
    /// <returns>YAML; keys in the order in which they are declared.</returns>
    public static string ToYaml(object recipe)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(Node(recipe)!)).Save(text, assignAnchors: false);
        return text.ToString().Replace("\r", string.Empty, StringComparison.Ordinal).TrimEnd('.', '\n') + "\n";
    }

    private static YamlNode? Node(object? value) => value switch
    {
        null => null,
        JsonNode json => JsonYaml(json),
        string text => Text(text),
        bool flag => new YamlScalarNode(flag ? "true" : "false"),
        Enum choice => new YamlScalarNode(RecipeTypes.Key(choice)),
        double number => new YamlScalarNode(number.ToString("R", CultureInfo.InvariantCulture)),
        IFormattable number => new YamlScalarNode(number.ToString(null, CultureInfo.InvariantCulture)),
        IEnumerable list => new YamlSequenceNode(list.Cast<object>().Select(Node).OfType<YamlNode>()),
        _ => Section(value),
    };

    private static YamlMappingNode Section(object record)
    {
        var section = new YamlMappingNode();
        if (RecipeTypes.Kind(record.GetType()) is { } kind)
        {
            section.Add(RecipeTypes.KindKey, kind);
        }
        foreach (var property in RecipeTypes.Properties(record.GetType()))
        {
            if (Node(property.GetValue(record)) is { } node)
            {
                section.Add(new YamlScalarNode(RecipeTypes.Key(property)), node);
            }
        }
        return section;
    }

    private static YamlNode JsonYaml(JsonNode json) => json switch
    {
        JsonObject map => new YamlMappingNode(map.Select(pair => KeyValuePair.Create((YamlNode)Text(pair.Key), pair.Value is null ? new YamlScalarNode("null") : JsonYaml(pair.Value)))),
        JsonArray list => new YamlSequenceNode(list.Select(item => item is null ? new YamlScalarNode("null") : JsonYaml(item))),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => Text(value.GetValue<string>()),
        _ => new YamlScalarNode(json.ToJsonString()),
    };

    // Quoted, because a text may look like a number.
    private static YamlScalarNode Text(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };
}
