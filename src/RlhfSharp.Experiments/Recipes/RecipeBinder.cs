using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Makes records of YAML nodes and collects every mistake on the way.</summary>
internal sealed class RecipeBinder(RecipeNodes nodes)
{
    private readonly List<string> _problems = [];

    /// <summary>Binds the whole recipe.</summary>
    /// <exception cref="RecipeException">There are mistakes; all are listed.</exception>
    public T Bind<T>()
    {
        var result = Section(nodes.Root, typeof(T), string.Empty);
        return _problems.Count == 0 ? (T)result! : throw new RecipeException(_problems);
    }

    private object? Value(YamlNode node, Type type, string path)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return IsNull(node) ? null : Value(node, underlying, path);
        }
        if (type == typeof(JsonObject))
        {
            return node is YamlMappingNode mapping ? Json(mapping) : Problem(node, $"'{path}' is expected to be a section of keys and values");
        }
        if (RecipeTypes.Element(type) is { } element)
        {
            return List(node, element, path);
        }
        if (RecipeTypes.IsScalar(type))
        {
            return node is YamlScalarNode scalar ? Scalar(scalar, type, path) : Problem(node, $"'{path}' is expected to be {Describe(type)}, not a section or a list");
        }
        return node is YamlMappingNode section ? Section(section, type, path) : Problem(node, $"'{path}' is expected to be a section of keys and values");
    }

    private object? Section(YamlMappingNode node, Type type, string path)
    {
        if (type.IsAbstract)
        {
            if (Kind(node, type, path) is not { } kind)
            {
                return null;
            }
            type = kind;
        }
        var result = Activator.CreateInstance(type)!;
        var properties = RecipeTypes.Properties(type).ToDictionary(RecipeTypes.Key);
        var hasKind = RecipeTypes.Kind(type) is not null;
        foreach (var (keyNode, valueNode) in node.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? string.Empty;
            if (hasKind && key == RecipeTypes.KindKey)
            {
                continue;
            }
            var full = path.Length == 0 ? key : $"{path}.{key}";
            if (!properties.Remove(key, out var property))
            {
                var names = RecipeTypes.Properties(type).Select(RecipeTypes.Key).Concat(hasKind ? [RecipeTypes.KindKey] : []);
                Problem(keyNode, $"unknown key '{full}'. {NearestName.Hint(key, names)}".TrimEnd('.'));
            }
            else if (!IsNull(valueNode))
            {
                Assign(result, property, valueNode, full);
            }
            else if (IsRequired(property))
            {
                Problem(valueNode, $"'{full}' must not be empty");
            }
        }
        foreach (var missing in properties.Where(pair => IsRequired(pair.Value)))
        {
            Problem(node, $"'{(path.Length == 0 ? missing.Key : $"{path}.{missing.Key}")}' is missing");
        }
        return result;
    }

    private void Assign(object target, PropertyInfo property, YamlNode node, string path)
    {
        if (Value(node, property.PropertyType, path) is not { } value)
        {
            return;   // a problem was noted
        }
        property.SetValue(target, value);
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            // A range applies to each number of a list, everything else to the value as it is.
            var values = rule is RangeAttribute && value is IEnumerable items and not string ? items.Cast<object>() : [value];
            if (values.FirstOrDefault(item => !rule.IsValid(item)) is { } wrong)
            {
                Problem(node, $"'{path}' is {Show(wrong)}, expected {Expectation(rule)}");
            }
        }
    }

    private Type? Kind(YamlMappingNode node, Type union, string path)
    {
        var kinds = RecipeTypes.Kinds(union);
        if (!node.Children.TryGetValue(new YamlScalarNode(RecipeTypes.KindKey), out var kindNode))
        {
            Problem(node, $"'{path}.{RecipeTypes.KindKey}' is missing. Allowed: {string.Join(", ", kinds.Keys)}");
            return null;
        }
        var name = (kindNode as YamlScalarNode)?.Value ?? string.Empty;
        if (!kinds.TryGetValue(name, out var type))
        {
            Problem(kindNode, $"'{path}.{RecipeTypes.KindKey}' is '{name}', which does not exist. {NearestName.Hint(name, kinds.Keys)}".TrimEnd('.'));
        }
        return type;
    }

    private object? List(YamlNode node, Type element, string path)
    {
        // One value stands for a list of one.
        IReadOnlyList<YamlNode> items = node switch
        {
            YamlSequenceNode sequence => [.. sequence.Children],
            _ when RecipeTypes.IsScalar(element) && node is YamlScalarNode => [node],
            _ => [],
        };
        if (items.Count == 0 && node is not YamlSequenceNode)
        {
            return Problem(node, $"'{path}' is expected to be a list");
        }
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        foreach (var (index, item) in items.Index())
        {
            if (Value(item, element, $"{path}[{index}]") is { } value)
            {
                list.Add(value);
            }
        }
        return list;
    }

    private object? Scalar(YamlScalarNode node, Type type, string path)
    {
        var text = node.Value ?? string.Empty;
        if (type == typeof(string))
        {
            return text;
        }
        if (type.IsEnum)
        {
            var values = Enum.GetValues(type).Cast<Enum>().ToDictionary(RecipeTypes.Key);
            return values.TryGetValue(text, out var value) ? value : Problem(node, $"'{path}' is '{text}', which does not exist. {NearestName.Hint(text, values.Keys)}".TrimEnd('.'));
        }
        var culture = CultureInfo.InvariantCulture;
        object? parsed = Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean when text is "true" or "false" => text == "true",
            TypeCode.Int32 when int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) => number,
            TypeCode.Int64 when long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var number) => number,
            TypeCode.Double when double.TryParse(text, NumberStyles.Float, culture, out var number) && double.IsFinite(number) => number,
            _ => null,
        };
        return parsed ?? Problem(node, $"'{path}' is '{text}', expected {Describe(type)}");
    }

    private JsonObject Json(YamlMappingNode mapping) =>
        new(mapping.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Json(pair.Value))));

    private JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => Json(mapping),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => PlainJson(scalar.Value ?? string.Empty),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };

    private static JsonNode? PlainJson(string text) => text switch
    {
        "" or "null" or "~" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => JsonValue.Create(integer),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };

    private static bool IsNull(YamlNode node) => node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "null" or "~" };

    private static bool IsRequired(PropertyInfo property) => property.GetCustomAttribute<RequiredMemberAttribute>() is not null;

    private object? Problem(YamlNode node, string text)
    {
        _problems.Add($"{nodes.Where(node)}: {text}.");
        return null;
    }

    private static string Describe(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(string) => "a text",
        _ when type.IsEnum => string.Join(", ", Enum.GetValues(type).Cast<Enum>().Select(RecipeTypes.Key)),
        _ => "a whole number",
    };

    private static string Expectation(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => RecipeRange.Describe(range),
        MinLengthAttribute length => $"at least {length.Length} value{(length.Length == 1 ? string.Empty : "s")}",
        RegularExpressionAttribute pattern => $"a text that matches {pattern.Pattern}",
        _ => rule.FormatErrorMessage("it"),
    };

    private static string Show(object value) => value switch
    {
        string text => $"'{text}'",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object>())}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
