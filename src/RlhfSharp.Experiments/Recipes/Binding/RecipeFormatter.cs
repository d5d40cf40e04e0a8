using System.Collections;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Turns records back into nodes: all settings, also those left at their defaults, in order of declaration.</summary>
internal sealed class RecipeFormatter(ShapeCatalog catalog)
{
    private static readonly Origin Nowhere = new("", 0, Layer.Variant);

    public MapNode Format(object recipe) => FormatRecord(recipe, catalog.Record(recipe.GetType()));

    /// <summary>Lists the settings in which a recipe differs from another, each by its path.</summary>
    public MapNode Differences(object from, object to) => new(Nowhere, [.. Differences(from, to, catalog.Record(from.GetType()), string.Empty)]);

    public RecipeNode Format(object? value, Shape shape) => (shape, value) switch
    {
        (_, null) => new ScalarNode(Nowhere, "null", isPlain: true),
        (EnumShape enumeration, _) => new ScalarNode(Nowhere, enumeration.NameOf(value), isPlain: true),
        (ListShape list, IEnumerable items) => new ListNode(Nowhere, [.. items.Cast<object?>().Select(item => Format(item, list.Element))]),
        (DictionaryShape dictionary, IEnumerable pairs) => FormatDictionary(pairs, dictionary),
        (JsonShape or AnyShape, JsonNode json) => JsonNodes.ToNode(Nowhere, json),
        (RecordShape or UnionShape, _) => FormatRecord(value, catalog.Record(value.GetType())),
        _ => ScalarText.Write(Nowhere, value),
    };

    private MapNode FormatRecord(object record, RecordShape shape)
    {
        IEnumerable<MapEntry> kind = shape.Kind is null ? [] : [Entry(RecipeBinder.KindKey, ScalarText.Write(Nowhere, shape.Kind))];
        return new MapNode(Nowhere,
        [
            .. kind,
            .. shape.Properties.Select(property => Entry(property.Key, Format(property.Property.GetValue(record), property.Shape))),
        ]);
    }

    private MapNode FormatDictionary(IEnumerable pairs, DictionaryShape shape)
    {
        var entries = new List<MapEntry>();
        foreach (var pair in pairs)
        {
            var type = pair.GetType();
            var key = (string)type.GetProperty(nameof(KeyValuePair<,>.Key))!.GetValue(pair)!;
            entries.Add(Entry(key, Format(type.GetProperty(nameof(KeyValuePair<,>.Value))!.GetValue(pair), shape.Value)));
        }
        return new MapNode(Nowhere, entries);
    }

    private IEnumerable<MapEntry> Differences(object from, object to, RecordShape shape, string prefix)
    {
        foreach (var property in shape.Properties)
        {
            var (before, after) = (property.Property.GetValue(from), property.Property.GetValue(to));
            if (before is not null && before.GetType() == after?.GetType() && property.Shape is RecordShape or UnionShape)
            {
                foreach (var inner in Differences(before, after!, catalog.Record(before.GetType()), $"{prefix}{property.Key}."))
                {
                    yield return inner;
                }
            }
            else if (Format(after, property.Shape) is var node && YamlWriter.Write(node) != YamlWriter.Write(Format(before, property.Shape)))
            {
                yield return Entry($"{prefix}{property.Key}", node);
            }
        }
    }

    private static MapEntry Entry(string key, RecipeNode value) => new(key, Nowhere, value);
}
