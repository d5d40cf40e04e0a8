using RlhfSharp.Models.Runtime;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>Reads YAML from the parser's events, which keep the line of every key, show a key given twice, and let limits bite early.</summary>
/// <remarks>Anchors and aliases work; merge keys, tags and several documents are errors that say so.</remarks>
internal sealed class YamlReader
{
    public const int MaxCharacters = 1 << 20;
    public const int MaxDepth = 32;
    public const int MaxValues = 100_000;

    private static readonly Mark Start = new(0, 1, 1);

    private readonly Dictionary<AnchorName, RecipeNode> _anchors = [];
    private readonly IParser _parser;
    private readonly Func<Mark, Origin> _origin;
    private readonly RecipeErrors _errors;
    private long _values;

    private YamlReader(string yaml, Func<Mark, Origin> origin, RecipeErrors errors) =>
        (_parser, _origin, _errors) = (new Parser(new StringReader(yaml)), origin, errors);

    /// <summary>Reads a file's text.</summary>
    /// <returns>Null when it is not YAML or exceeds a limit, which is then among the errors. An empty file is a recipe without settings.</returns>
    public static RecipeNode? ReadFile(string yaml, string fileName, RecipeErrors errors)
    {
        var node = Read(yaml, mark => Origin.InFile(fileName, mark.Line), errors);
        return node is { IsNull: true } ? new MapNode(Origin.InFile(fileName, 1), []) : node;
    }

    /// <summary>Reads a value from the command line.</summary>
    /// <returns>See <see cref="ReadFile"/>.</returns>
    public static RecipeNode? ReadValue(string yaml, Origin origin, RecipeErrors errors) => Read(yaml, _ => origin, errors);

    private static RecipeNode? Read(string yaml, Func<Mark, Origin> origin, RecipeErrors errors)
    {
        if (yaml.Length > MaxCharacters)
        {
            errors.Add(origin(Start), $"has more than the {MaxCharacters} characters that a recipe may have.");
            return null;
        }
        var reader = new YamlReader(yaml, origin, errors);
        try
        {
            return reader.ReadDocument();
        }
        catch (RejectedException rejected)
        {
            errors.Add(rejected.Origin, rejected.Message);
        }
        catch (YamlException exception)
        {
            var (start, end) = (exception.Start, exception.End);
            var upTo = end.Line > start.Line ? $" up to line {end.Line}" : string.Empty;
            errors.Add(origin(start), $"is not valid YAML{upTo}: {exception.Message.TrimEnd('.')}.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // What the parser makes of brackets that are never closed, and of other broken text.
            errors.Add(origin(reader._parser.Current?.End ?? Start), "is not valid YAML here or below: a bracket or the indentation is wrong.");
        }
        return null;
    }

    private RecipeNode ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return new ScalarNode(_origin(Start), string.Empty, isPlain: true);
        }
        var node = ReadNode(depth: 1);
        _parser.Consume<DocumentEnd>();
        return _parser.TryConsume<DocumentStart>(out var second)
            ? throw Fail(second.Start, "a second document starts here; a recipe is one document.")
            : node;
    }

    private RecipeNode ReadNode(int depth)
    {
        var start = _parser.Current!.Start;
        if (depth > MaxDepth)
        {
            throw Fail(start, $"is nested more than {MaxDepth} levels deep.");
        }
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Alias(alias, depth);
        }
        if (++_values > MaxValues)
        {
            throw TooMany(start);
        }
        if (_parser.Current is not NodeEvent { Anchor: var anchor, Tag: var tag })
        {
            throw Fail(start, "a value is missing here.");
        }
        if (!tag.IsEmpty)
        {
            throw Fail(start, $"has the tag '{tag}'. Tags are not part of recipes: take it out, and put text in quotation marks.");
        }
        RecipeNode node = _parser.Current switch
        {
            Scalar => ReadScalar(),
            SequenceStart => ReadList(depth),
            _ => ReadMap(depth),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = node;
        }
        return node;
    }

    private ScalarNode ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        return new ScalarNode(_origin(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
    }

    private ListNode ReadList(int depth)
    {
        var start = _parser.Consume<SequenceStart>().Start;
        var items = new List<RecipeNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }
        return new ListNode(_origin(start), items);
    }

    private MapNode ReadMap(int depth)
    {
        var start = _parser.Consume<MappingStart>().Start;
        var entries = new OrderedDictionary<string, MapEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadKey();
            var value = ReadNode(depth + 1);
            var entry = new MapEntry(key.Text, key.Origin, value);
            if (!entries.TryAdd(key.Text, entry))
            {
                _errors.Add(key.Origin, $"key '{key.Text}' is given twice, first in line {entries[key.Text].Origin.Line}.");
            }
        }
        return new MapNode(_origin(start), [.. entries.Values]);
    }

    private ScalarNode ReadKey()
    {
        if (_parser.Current is not Scalar { Start: var start })
        {
            throw Fail(_parser.Current!.Start, "a key is a list, a section or an alias; keys are plain words.");
        }
        var key = ReadScalar();
        return key is { IsPlain: true, Text: "<<" }
            ? throw Fail(start, "merge keys ('<<') are not part of recipes. Give the section an anchor and use it whole ('*name'), or make a variant.")
            : key;
    }

    private RecipeNode Alias(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value, out var node))
        {
            throw Fail(alias.Start, $"unknown anchor '{alias.Value}'. {NearestName.Hint(alias.Value.Value, _anchors.Keys.Select(name => name.Value))}");
        }
        _values += node.Size;
        return _values > MaxValues ? throw TooMany(alias.Start)
            : depth + node.Depth - 1 > MaxDepth ? throw Fail(alias.Start, $"is nested more than {MaxDepth} levels deep.")
            : node;
    }

    private RejectedException TooMany(Mark mark) =>
        Fail(mark, $"has more than {MaxValues} values with all aliases written out, more than a recipe may have.");

    private RejectedException Fail(Mark mark, string message) => new(_origin(mark), message);

    private sealed class RejectedException(Origin origin, string message) : Exception(message)
    {
        public Origin Origin { get; } = origin;
    }
}
