namespace RlhfSharp.Experiments.Recipes;

/// <summary>Puts settings of the command line and of variants over those of a file.</summary>
/// <remarks>Sections on the way are made where they are missing; whether their keys exist is seen when the recipe is bound. <c>null</c> takes
/// a setting out. An index one past a list's end adds to it. A <c>kind</c> that changes drops the section's older settings (see
/// <see cref="RecipeBinder"/>).</remarks>
internal static class Overrides
{
    private const string Syntax = "expected KEY=VALUE, for instance loop.maxSteps=100 or seeds[0]=1";

    /// <summary>Applies what stands behind <c>--set</c>, in order.</summary>
    public static RecipeNode Apply(RecipeNode root, IEnumerable<string> arguments, RecipeErrors errors)
    {
        foreach (var argument in arguments)
        {
            var origin = Origin.OnCommandLine(argument);
            var (path, value) = Split(argument, origin, errors);
            root = path is null || value is null ? root : Set(root, path, value, origin, errors);
        }
        return root;
    }

    /// <summary>Puts one setting.</summary>
    /// <param name="root">What is there.</param>
    /// <param name="path">Where to.</param>
    /// <param name="value">What; null stands for taking out.</param>
    /// <param name="origin">Who wants it.</param>
    /// <param name="errors">Takes what is wrong; then nothing changes.</param>
    public static RecipeNode Set(RecipeNode root, SettingPath.Segment[] path, RecipeNode value, Origin origin, RecipeErrors errors)
    {
        var changed = new Change(path, value.IsNull ? new RemovedNode(origin) : value, origin, errors).At(root, 0);
        return changed ?? root;
    }

    /// <summary>Whether an argument is about a setting or something in it.</summary>
    public static bool IsAbout(string argument, string key) =>
        SettingPath.Parse(argument.Split('=', 2)[0].Trim()) is [var first, ..] && first.Text == key;

    private static (SettingPath.Segment[]? Path, RecipeNode? Value) Split(string argument, Origin origin, RecipeErrors errors)
    {
        if (argument.Split('=', 2) is not [var left, var right])
        {
            errors.Add(origin, $"has no '='; {Syntax}.");
            return default;
        }
        var path = SettingPath.Parse(left.Trim());
        if (path is null)
        {
            errors.Add(origin, $"'{left}' is not a key; {Syntax}.");
        }
        if (string.IsNullOrWhiteSpace(right))
        {
            errors.Add(origin, "has no value. Write null to take the setting out, '' for an empty text.");
            return default;
        }
        return (path, YamlReader.ReadValue(right, origin, errors));
    }

    private sealed record Change(SettingPath.Segment[] Path, RecipeNode Value, Origin Origin, RecipeErrors Errors)
    {
        /// <returns>The changed node; null when it cannot be changed, which is then among the errors.</returns>
        public RecipeNode? At(RecipeNode? node, int position)
        {
            if (position == Path.Length)
            {
                return Value;
            }
            var segment = Path[position];
            return node switch
            {
                MapNode map => InMap(map, segment.Text, position),
                ListNode list => InList(list, segment, position),
                null or { IsNull: true } when segment.InBrackets => InList(new ListNode(Origin, []), segment, position),
                null or { IsNull: true } => InMap(new MapNode(Origin, []), segment.Text, position),
                _ => Fail($"'{Name(position)}' is {node.Description}, not a section or list that has '{segment.Text}'."),
            };
        }

        private MapNode? InMap(MapNode map, string key, int position)
        {
            var old = map.Find(key);
            if (At(old?.Value, position + 1) is not { } value)
            {
                return null;
            }
            // The key stays where it was given unless the setting itself is replaced, and a kind that stays the same is not news.
            var isUnchanged = key == RecipeBinder.KindKey && old?.Value is ScalarNode before && before.Text == (value as ScalarNode)?.Text;
            var isReplaced = position == Path.Length - 1 && !isUnchanged;
            return map.With(isReplaced || old is null ? new MapEntry(key, Origin, value) : old with { Value = value });
        }

        private RecipeNode? InList(ListNode list, SettingPath.Segment segment, int position)
        {
            if (segment.Index is not { } index || index > list.Items.Count)
            {
                return Fail($"'{Name(position)}' is a list of {list.Items.Count}; '{segment.Text}' is not an index of it. "
                    + $"Allowed: 0 to {list.Items.Count}, where {list.Items.Count} adds to the list.");
            }
            if (At(index < list.Items.Count ? list.Items[index] : null, position + 1) is not { } value)
            {
                return null;
            }
            RecipeNode[] items = value is RemovedNode ? [] : [value];
            return new ListNode(list.Origin, [.. list.Items.Take(index), .. items, .. list.Items.Skip(index + 1)]);
        }

        private string Name(int position) =>
            position == 0 ? "recipe" : string.Join('.', Path.Take(position).Select(segment => segment.Text));

        private RecipeNode? Fail(string message)
        {
            Errors.Add(Origin, message);
            return null;
        }
    }
}
