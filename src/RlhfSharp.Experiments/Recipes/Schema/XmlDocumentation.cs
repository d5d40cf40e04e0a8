using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Reads what the source code says about types and properties from the XML files that lie beside assemblies.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<Assembly, IReadOnlyDictionary<string, XElement>> _members = [];

    /// <summary>Finds a type's summary.</summary>
    /// <returns>Null when there is none.</returns>
    public string? Describe(Type type) => Text(Find(type.Assembly, $"T:{type.FullName}")?.Element("summary"));

    /// <summary>Finds a property's summary and what it says about its value.</summary>
    /// <returns>Null when there is neither.</returns>
    public string? Describe(PropertyInfo property)
    {
        var member = Find(property.DeclaringType!.Assembly, $"P:{property.DeclaringType.FullName}.{property.Name}");
        var sentences = new[] { Text(member?.Element("summary")), Text(member?.Element("value")) }.OfType<string>().ToList();
        return sentences.Count == 0 ? null : WithoutGets(string.Join(' ', sentences));
    }

    private XElement? Find(Assembly assembly, string id)
    {
        if (!_members.TryGetValue(assembly, out var members))
        {
            _members[assembly] = members = Load(assembly);
        }
        return members.GetValueOrDefault(id.Replace('+', '.'));
    }

    // Descriptions are an extra: a schema without them is still right, so a file that is missing or broken is passed over.
    private static IReadOnlyDictionary<string, XElement> Load(Assembly assembly)
    {
        try
        {
            var file = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
            return XDocument.Load(file).Descendants("member")
                .Where(member => member.Attribute("name") is not null)
                .DistinctBy(member => member.Attribute("name")!.Value)
                .ToDictionary(member => member.Attribute("name")!.Value);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            return new Dictionary<string, XElement>();
        }
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }
        var text = string.Concat(element.Nodes().Select(node => node switch
        {
            XElement inner => LastName((string?)(inner.Attribute("langword") ?? inner.Attribute("cref") ?? inner.Attribute("name"))) ?? Text(inner),
            XText plain => plain.Value,
            _ => string.Empty,
        }));
        return WhiteSpace().Replace(text, " ").Trim();
    }

    // T:A.B.OptimizerOptions is OptimizerOptions, M:A.B.Run(System.Int32) is Run.
    private static string? LastName(string? reference) => reference?.Split('(')[0].Split('.')[^1];

    private static string WithoutGets(string text) => text.StartsWith("Gets ", StringComparison.Ordinal) && text.Length > 5
        ? $"{char.ToUpperInvariant(text[5])}{text[6..]}"
        : text;

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
