using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>A value of a recipe before it is bound to a type. Nodes never change, so that an alias can share its anchor's.</summary>
internal abstract class RecipeNode(Origin origin, int depth, long size)
{
    public Origin Origin { get; } = origin;

    /// <summary>Gets how many values are nested into each other, this one included.</summary>
    public int Depth { get; } = depth;

    /// <summary>Gets how many values there are with all aliases written out, this one included.</summary>
    public long Size { get; } = size;

    /// <summary>Gets whether nothing is given: no value, <c>null</c> or <c>~</c>.</summary>
    public virtual bool IsNull => false;

    /// <summary>Gets what this is, for errors.</summary>
    public abstract string Description { get; }

    /// <summary>Says of this and all that is in it that it was given elsewhere.</summary>
    public abstract RecipeNode Move(Func<Origin, Origin> origin);
}

/// <summary>A text, number or truth value as it is written.</summary>
internal sealed partial class ScalarNode(Origin origin, string text, bool isPlain) : RecipeNode(origin, 1, 1)
{
    private const int LongestShown = 60;

    public string Text { get; } = text;

    /// <summary>Gets whether it stands without quotation marks, so that it may be a number, a truth value or null.</summary>
    public bool IsPlain { get; } = isPlain;

    public override bool IsNull => IsPlain && NullText().IsMatch(Text);

    public override string Description =>
        IsNull ? "empty" : $"'{(Text.Length <= LongestShown ? Text : $"{Text[..LongestShown]}...")}'".ReplaceLineEndings(" ");

    public override RecipeNode Move(Func<Origin, Origin> origin) => new ScalarNode(origin(Origin), Text, IsPlain);

    [GeneratedRegex(@"\A(null|Null|NULL|~|)\z")]
    private static partial Regex NullText();
}

/// <summary>What an override leaves behind that takes a setting out.</summary>
internal sealed class RemovedNode(Origin origin) : RecipeNode(origin, 1, 1)
{
    public override bool IsNull => true;

    public override string Description => "empty";

    public override RecipeNode Move(Func<Origin, Origin> origin) => new RemovedNode(origin(Origin));
}

/// <summary>A list.</summary>
internal sealed class ListNode(Origin origin, IReadOnlyList<RecipeNode> items)
    : RecipeNode(origin, 1 + items.Select(item => item.Depth).DefaultIfEmpty().Max(), 1 + items.Sum(item => item.Size))
{
    public IReadOnlyList<RecipeNode> Items { get; } = items;

    public override string Description => "a list";

    public override RecipeNode Move(Func<Origin, Origin> origin) => new ListNode(origin(Origin), [.. Items.Select(item => item.Move(origin))]);
}

/// <summary>A key of a section, with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Origin">Where the key was given.</param>
/// <param name="Value">The value.</param>
internal sealed record MapEntry(string Key, Origin Origin, RecipeNode Value);

/// <summary>A section: keys with values, in the order in which they were given. No key occurs twice.</summary>
internal sealed class MapNode(Origin origin, IReadOnlyList<MapEntry> entries)
    : RecipeNode(origin, 1 + entries.Select(entry => entry.Value.Depth).DefaultIfEmpty().Max(), 1 + entries.Sum(entry => entry.Value.Size))
{
    public IReadOnlyList<MapEntry> Entries { get; } = entries;

    public override string Description => "a section";

    public MapEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);

    /// <summary>Replaces a key's value where it stands, or adds the key at the end.</summary>
    public MapNode With(MapEntry changed) => Find(changed.Key) is null
        ? new MapNode(Origin, [.. Entries, changed])
        : new MapNode(Origin, [.. Entries.Select(entry => entry.Key == changed.Key ? changed : entry)]);

    public MapNode Without(string key) => new(Origin, [.. Entries.Where(entry => entry.Key != key)]);

    /// <summary>Keeps the settings that a layer or a later one gave.</summary>
    public MapNode Since(Layer layer) => new(Origin,
    [
        .. from entry in Entries
           let value = entry.Origin.Layer < layer && entry.Value is MapNode map ? map.Since(layer) : entry.Value
           where entry.Origin.Layer >= layer || value is MapNode { Entries.Count: > 0 }
           select entry with { Value = value },
    ]);

    public override RecipeNode Move(Func<Origin, Origin> origin) =>
        new MapNode(origin(Origin), [.. Entries.Select(entry => new MapEntry(entry.Key, origin(entry.Origin), entry.Value.Move(origin)))]);
}
