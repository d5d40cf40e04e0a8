using System.Runtime.CompilerServices;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>A recipe as a tree of YAML nodes that know where they came from: a line of the file, or an override.</summary>
internal sealed class RecipeNodes
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 100_000;   // aliases are expanded on binding: a small file can stand for a huge tree

    private readonly string _fileName;
    private readonly ConditionalWeakTable<YamlNode, string> _origins = [];

    private RecipeNodes(string fileName, YamlMappingNode root) => (_fileName, Root) = (fileName, root);

    public YamlMappingNode Root { get; }

    /// <summary>Parses a recipe.</summary>
    /// <exception cref="RecipeException">The text is no YAML mapping, or far too large.</exception>
    public static RecipeNodes Parse(string yaml, string fileName)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException exception)
        {
            throw new RecipeException([$"{fileName}:{exception.Start.Line}: {exception.Message}"]);
        }
        if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
        {
            throw new RecipeException([$"{fileName}:1: a recipe is one YAML document of keys and values."]);
        }
        var nodes = new RecipeNodes(fileName, root);
        var count = 0;
        nodes.CheckSize(root, 0, ref count);
        return nodes;
    }

    /// <summary>Says where a node came from, to begin an error with.</summary>
    public string Where(YamlNode node) => _origins.TryGetValue(node, out var origin) ? origin : $"{_fileName}:{node.Start.Line}";

    /// <summary>Replaces or adds a value.</summary>
    /// <param name="path">Dotted keys; whole numbers are places in lists.</param>
    /// <param name="yaml">The value, as YAML.</param>
    /// <param name="origin">What to call it in errors.</param>
    /// <exception cref="RecipeException">The value is no YAML, or the path leads through a value.</exception>
    public void Set(string path, string yaml, string origin)
    {
        var value = Parse($"value: {yaml}", origin).Root.Children[new YamlScalarNode("value")];
        Mark(value, origin);
        Set(path, value, origin);
    }

    /// <summary>Replaces or adds a value.</summary>
    public void Set(string path, YamlNode value, string origin)
    {
        Mark(value, origin);
        var keys = path.Replace("[", ".", StringComparison.Ordinal).Replace("]", string.Empty, StringComparison.Ordinal).Split('.');
        YamlNode at = Root;
        foreach (var key in keys[..^1])
        {
            at = Child(at, key, origin);
        }
        if (at is YamlSequenceNode list && int.TryParse(keys[^1], out var index) && index >= 0 && index < list.Children.Count)
        {
            list.Children[index] = value;
        }
        else if (at is YamlMappingNode mapping)
        {
            var name = new YamlScalarNode(keys[^1]);
            _origins.AddOrUpdate(name, origin);
            mapping.Children.Remove(name);
            mapping.Children.Add(name, value);
        }
        else
        {
            throw new RecipeException([$"{origin}: '{path}' leads into a value that has no '{keys[^1]}'."]);
        }
    }

    private YamlNode Child(YamlNode parent, string key, string origin)
    {
        switch (parent)
        {
            case YamlSequenceNode list when int.TryParse(key, out var index) && index >= 0 && index < list.Children.Count:
                return list.Children[index];
            case YamlMappingNode mapping when mapping.Children.TryGetValue(new YamlScalarNode(key), out var child):
                return child;
            case YamlMappingNode mapping:
                var (name, section) = (new YamlScalarNode(key), new YamlMappingNode());
                _origins.AddOrUpdate(name, origin);
                _origins.AddOrUpdate(section, origin);
                mapping.Children.Add(name, section);
                return section;
            default:
                throw new RecipeException([$"{origin}: '{key}' leads into a value, not a section."]);
        }
    }

    private void Mark(YamlNode node, string origin)
    {
        _origins.AddOrUpdate(node, origin);
        foreach (var child in node switch
        {
            YamlMappingNode mapping => mapping.Children.SelectMany(pair => new[] { pair.Key, pair.Value }),
            YamlSequenceNode list => list.Children,
            _ => [],
        })
        {
            Mark(child, origin);
        }
    }

    private void CheckSize(YamlNode node, int depth, ref int count)
    {
        if (depth > MaxDepth || ++count > MaxNodes)
        {
            throw new RecipeException([$"{_fileName}:{node.Start.Line}: the recipe is nested deeper than {MaxDepth} levels or larger than {MaxNodes} values."]);
        }
        foreach (var child in node switch { YamlMappingNode mapping => mapping.Children.Values, YamlSequenceNode list => list.Children, _ => Enumerable.Empty<YamlNode>() })
        {
            CheckSize(child, depth + 1, ref count);
        }
    }
}
