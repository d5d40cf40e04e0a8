using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Which columns make which kind of row.</summary>
internal static class RowColumns
{
    public const string Id = "id", Text = "text", Messages = "messages", Prompt = "prompt", Completion = "completion", Chosen = "chosen",
        Rejected = "rejected", Label = "label", Reward = "reward", TurnRewards = "rewards", TokenRewards = "token_rewards";

    // In the order in which they are tried: a set comes before the sets that are contained in it.
    private static readonly (RowSchema Schema, string[] Columns)[] Known =
    [
        (RowSchema.Preference, [Prompt, Chosen, Rejected]),
        (RowSchema.ImplicitPreference, [Chosen, Rejected]),
        (RowSchema.Rewarded, [Prompt, Completion, Reward]),
        (RowSchema.Rewarded, [Prompt, Completion, TokenRewards]),
        (RowSchema.Rewarded, [Messages, Reward]),
        (RowSchema.Rewarded, [Messages, TurnRewards]),
        (RowSchema.Rewarded, [Text, Reward]),
        (RowSchema.UnpairedPreference, [Prompt, Completion, Label]),
        (RowSchema.PromptCompletion, [Prompt, Completion]),
        (RowSchema.LanguageModeling, [Messages]),
        (RowSchema.LanguageModeling, [Text]),
        (RowSchema.PromptOnly, [Prompt]),
    ];

    /// <summary>Finds what the rows of a file mean from the columns of one of them.</summary>
    public static RowSchema Detect(IReadOnlyCollection<string> columns, RowSource source)
    {
        foreach (var (schema, needed) in Known)
        {
            if (needed.All(columns.Contains))
            {
                return schema;
            }
        }
        var names = Known.SelectMany(set => set.Columns).Distinct().ToList();
        var slips = columns
            .Where(column => !names.Contains(column))
            .Select(column => (column, meant: NearestName.Find(column, names)))
            .Where(pair => pair.meant is not null)
            .Select(pair => $" Did you mean '{pair.meant}' where it says '{pair.column}'?");
        throw new InputException($"{source}: the columns {List(columns)} make no known kind of row.{string.Concat(slips)} Known are "
            + $"{string.Join("; ", Known.Select(set => string.Join(", ", set.Columns)))}. Or set schema.");
    }

    /// <summary>Finds which of a schema's sets of columns a row has.</summary>
    public static IReadOnlyList<string> Match(RowSchema schema, IReadOnlyCollection<string> columns)
    {
        var sets = Known.Where(set => set.Schema == schema).Select(set => set.Columns).ToList();
        var expected = string.Join(" or ", sets.Select(List));
        return sets.FirstOrDefault(set => set.All(columns.Contains))
            ?? throw new BadRowException($"has the columns {List(columns)}, expected {expected}");
    }

    private static string List(IEnumerable<string> columns) => columns.Any() ? string.Join(", ", columns) : "(none)";
}
