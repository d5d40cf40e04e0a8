using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Turns nodes into the records that shapes describe, and finds everything that is wrong on the way.</summary>
/// <remarks>The choice of a <c>kind</c> by a variant or on the command line drops what earlier layers gave in that section: settings of another
/// kind mean nothing to it.</remarks>
internal sealed class RecipeBinder(RecipeErrors errors)
{
    public const string KindKey = "kind";

    /// <summary>Binds a whole recipe.</summary>
    /// <returns>Null, or a recipe of no use, when errors were added.</returns>
    public object? Bind(RecipeNode root, RecordShape shape) => Bind(root, shape, path: string.Empty, template: null);

    // Null means that errors were added.
    private object? Bind(RecipeNode node, Shape shape, string path, object? template) => (shape, node) switch
    {
        (ScalarShape scalar, ScalarNode { IsNull: false } text) => ScalarText.Parse(text, scalar.Type) ?? Mismatch(node, shape, path),
        (EnumShape enumeration, ScalarNode { IsNull: false } name) => BindEnum(name, enumeration, path),
        (ListShape list, ListNode items) => BindList(items.Items, list, path),
        (ListShape { AcceptsSingle: true } list, ScalarNode { IsNull: false }) => BindList([node], list, path),
        (DictionaryShape dictionary, MapNode map) => BindDictionary(map, dictionary, path),
        (JsonShape, MapNode map) => BindJson(map, path),
        (AnyShape, { IsNull: false }) => BindJson(node, path),
        (RecordShape record, MapNode map) => BindRecord(map, record, path, template),
        (UnionShape union, MapNode map) => BindUnion(map, union, path, template),
        _ => Mismatch(node, shape, path),
    };

    private object? BindEnum(ScalarNode node, EnumShape shape, string path) =>
        shape.Values.TryGetValue(node.Text, out var value)
            ? value
            : Fail(node.Origin, $"'{path}' is {node.Description}. {NearestName.Hint(node.Text, shape.Values.Keys)}");

    private Array? BindList(IReadOnlyList<RecipeNode> nodes, ListShape shape, string path)
    {
        var list = Array.CreateInstance(shape.Element.Type, nodes.Count);
        var isComplete = true;
        for (var i = 0; i < nodes.Count; i++)
        {
            var item = Bind(nodes[i], shape.Element, $"{path}[{i}]", template: null);
            isComplete &= item is not null;
            list.SetValue(item, i);
        }
        return isComplete ? list : null;
    }

    private object? BindDictionary(MapNode map, DictionaryShape shape, string path)
    {
        var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(
            typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), shape.Value.Type))!;
        var isComplete = true;
        foreach (var entry in map.Entries.Where(entry => entry.Value is not RemovedNode))
        {
            var value = Bind(entry.Value, shape.Value, Join(path, entry.Key), template: null);
            isComplete &= value is not null;
            if (value is not null)
            {
                dictionary.Add(entry.Key, value);
            }
        }
        return isComplete ? dictionary : null;
    }

    private JsonNode? BindJson(RecipeNode node, string path)
    {
        try
        {
            return JsonNodes.FromNode(node)!;
        }
        catch (NotFiniteNumberException)
        {
            Fail(node.Origin, $"'{path}' holds .inf or .nan, which JSON does not have.");
            return null;
        }
    }

    private object? BindUnion(MapNode map, UnionShape shape, string path, object? template)
    {
        var key = Join(path, KindKey);
        var choice = map.Find(KindKey);
        return choice?.Value switch
        {
            null or { IsNull: true } => Fail(
                choice?.Origin ?? map.Origin, $"the required key '{key}' is missing. {NearestName.Hint(string.Empty, shape.Kinds.Keys)}"),
            ScalarNode kind when shape.Kinds.TryGetValue(kind.Text, out var record) =>
                BindRecord(map.Since(choice.Origin.Layer).Without(KindKey), record, path, template),
            ScalarNode kind => Fail(kind.Origin, $"'{key}' is {kind.Description}. {NearestName.Hint(kind.Text, shape.Kinds.Keys)}"),
            var other => Mismatch(other, ScalarShape.All[^1], key),
        };
    }

    private object BindRecord(MapNode map, RecordShape shape, string path, object? template)
    {
        var record = shape.Create(template);
        var errorsBefore = errors.Count;
        foreach (var missing in shape.Properties.Where(property => property.IsRequired && map.Find(property.Key) is null))
        {
            Fail(map.Origin, $"the required key '{Join(path, missing.Key)}' is missing.");
        }
        foreach (var entry in map.Entries)
        {
            if (shape.Find(entry.Key) is { } property)
            {
                BindProperty(entry, property, record, Join(path, entry.Key));
            }
            else
            {
                Fail(entry.Origin, $"unknown key '{Join(path, entry.Key)}'. {NearestName.Hint(entry.Key, shape.Keys)}");
            }
        }
        if (errors.Count == errorsBefore && record is IValidatableObject validatable)
        {
            foreach (var result in validatable.Validate(new ValidationContext(record)))
            {
                var key = result.MemberNames.Select(JsonNamingPolicy.CamelCase.ConvertName).FirstOrDefault(name => map.Find(name) is not null);
                Fail(key is null ? map.Origin : map.Find(key)!.Origin, $"{(path.Length > 0 ? $"'{path}': " : string.Empty)}{result.ErrorMessage}");
            }
        }
        return record;
    }

    private void BindProperty(MapEntry entry, PropertyShape property, object record, string path)
    {
        var node = entry.Value;
        if (node.IsNull && property.IsNullable)
        {
            property.Property.SetValue(record, null);
        }
        else if (node is RemovedNode)
        {
            if (property.IsRequired)
            {
                Fail(entry.Origin, $"the required key '{path}' is taken out.");
            }
        }
        else if (Bind(node, property.Shape, path, property.Property.GetValue(record)) is { } value)
        {
            property.Property.SetValue(record, value);
            foreach (var rule in property.Rules)
            {
                CheckRule(node, property.Shape, value, rule, path);
            }
        }
    }

    private void CheckRule(RecipeNode node, Shape shape, object value, ValidationAttribute rule, string path)
    {
        if (shape is not ListShape || !ValueRule.IsAboutEntries(rule))
        {
            if (ValueRule.Check(rule, value) is { } allowed)
            {
                Fail(node.Origin, $"'{path}' is {Describe(node, value)}, expected {allowed}.");
            }
            return;
        }
        IReadOnlyList<RecipeNode> nodes = node is ListNode list ? list.Items : [node];
        foreach (var (item, i) in ((Array)value).Cast<object>().Select((item, i) => (item, i)))
        {
            if (ValueRule.Check(rule, item) is { } allowed)
            {
                Fail(nodes[i].Origin, $"'{path}[{i}]' is {Describe(nodes[i], item)}, expected {allowed}.");
            }
        }
    }

    private static string Describe(RecipeNode node, object value) => value switch
    {
        int or long or double => ValueRule.Name(value),
        Array { Length: var length } => $"a list of {length}",
        _ => node.Description,
    };

    private object? Mismatch(RecipeNode node, Shape shape, string path) =>
        Fail(node.Origin, $"{(path.Length > 0 ? $"'{path}'" : "the recipe")} is {node.Description}, expected {shape.Expected}.");

    private object? Fail(Origin origin, string message)
    {
        errors.Add(origin, message);
        return null;
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
