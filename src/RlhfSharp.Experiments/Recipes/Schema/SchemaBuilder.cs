using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Turns shapes into JSON Schema.</summary>
internal sealed class SchemaBuilder(RecipeFormatter formatter)
{
    private static readonly Dictionary<Type, string> JsonTypes = new()
    {
        [typeof(int)] = "integer",
        [typeof(long)] = "integer",
        [typeof(double)] = "number",
        [typeof(bool)] = "boolean",
        [typeof(string)] = "string",
    };

    private readonly XmlDocumentation _documentation = new();

    /// <summary>Describes a section.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="template">The default of the property that it is for, if any.</param>
    public JsonObject Record(RecordShape shape, object? template)
    {
        var defaults = shape.Create(template);
        var properties = new JsonObject();
        var required = new JsonArray();
        if (shape.Kind is not null)
        {
            // One name in "enum" beside "const": validators of older drafts know the first only.
            properties[RecipeBinder.KindKey] = new JsonObject { ["const"] = shape.Kind, ["enum"] = new JsonArray(shape.Kind) };
            required.Add(RecipeBinder.KindKey);
        }
        foreach (var property in shape.Properties)
        {
            properties[property.Key] = Property(property, defaults);
            if (property.IsRequired)
            {
                required.Add(property.Key);
            }
        }
        var schema = new JsonObject { ["type"] = "object" };
        AddDescription(schema, _documentation.Describe(shape.Type));
        schema["properties"] = properties;
        if (required.Count > 0)
        {
            schema["required"] = required;
        }
        schema["additionalProperties"] = false;
        return schema;
    }

    private JsonObject Property(PropertyShape property, object defaults)
    {
        var value = property.IsRequired ? null : property.Property.GetValue(defaults);
        var schema = Any(property.Shape, property.Rules, value);
        if (property.IsNullable)
        {
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        }
        AddDescription(schema, _documentation.Describe(property.Property));
        if (value is not null && property.Shape is not (RecordShape or UnionShape) && TryDefault(value, property.Shape) is { } json)
        {
            schema["default"] = json;
        }
        return schema;
    }

    private JsonObject Any(Shape shape, IReadOnlyList<ValidationAttribute> rules, object? template) => shape switch
    {
        RecordShape record => Record(record, template),
        UnionShape union => new JsonObject { ["oneOf"] = new JsonArray([.. union.Kinds.Values.Select(record => Record(record, template))]) },
        ListShape list => List(list, rules),
        DictionaryShape dictionary => new JsonObject { ["type"] = "object", ["additionalProperties"] = Any(dictionary.Value, [], null) },
        EnumShape enumeration => new JsonObject { ["enum"] = new JsonArray([.. enumeration.Values.Keys.Select(name => JsonValue.Create(name))]) },
        ScalarShape scalar => Scalar(scalar, rules),
        AnyShape => [],
        _ => new JsonObject { ["type"] = "object" },
    };

    private JsonObject List(ListShape shape, IReadOnlyList<ValidationAttribute> rules)
    {
        var entryRules = rules.Where(ValueRule.IsAboutEntries).ToList();
        var list = new JsonObject { ["type"] = "array", ["items"] = Any(shape.Element, entryRules, null) };
        foreach (var rule in rules)
        {
            switch (rule)
            {
                case MinLengthAttribute minimum:
                    list["minItems"] = minimum.Length;
                    break;
                case MaxLengthAttribute maximum:
                    list["maxItems"] = maximum.Length;
                    break;
            }
        }
        return shape.AcceptsSingle ? new JsonObject { ["anyOf"] = new JsonArray(list, Any(shape.Element, entryRules, null)) } : list;
    }

    private static JsonObject Scalar(ScalarShape shape, IReadOnlyList<ValidationAttribute> rules)
    {
        var schema = new JsonObject { ["type"] = JsonTypes[shape.Type] };
        foreach (var rule in rules)
        {
            switch (rule)
            {
                case RangeAttribute range:
                    AddBounds(schema, Bounds.Of(range, shape.Type));
                    break;
                case AllowedValuesAttribute allowed:
                    schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonValue.Create(value))]);
                    break;
                case MinLengthAttribute minimum:
                    schema["minLength"] = minimum.Length;
                    break;
                case MaxLengthAttribute maximum:
                    schema["maxLength"] = maximum.Length;
                    break;
                case RegularExpressionAttribute expression:
                    // The attribute matches whole values, JSON Schema any part of them.
                    schema["pattern"] = $"^(?:{expression.Pattern})$";
                    break;
            }
        }
        return schema;
    }

    private static void AddBounds(JsonObject schema, Bounds bounds)
    {
        if (bounds.Minimum is { } low)
        {
            schema[bounds.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = low;
        }
        if (bounds.Maximum is { } high)
        {
            schema[bounds.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = high;
        }
    }

    private JsonNode? TryDefault(object value, Shape shape)
    {
        try
        {
            return JsonNodes.FromNode(formatter.Format(value, shape));
        }
        catch (NotFiniteNumberException)
        {
            return null;   // JSON cannot say it; the description does
        }
    }

    private static void AddDescription(JsonObject schema, string? description)
    {
        if (!string.IsNullOrEmpty(description))
        {
            schema["description"] = description;
        }
    }
}
