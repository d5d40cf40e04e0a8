namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A text that is there before the map begins.</summary>
/// <param name="Text">The text, without white space at its ends.</param>
/// <param name="Labels">Its label on each axis, <c>[axes]</c>; null where it has none, and on axes that are measured.</param>
/// <param name="Group">Texts of one group, for instance of one author, are alike and no independent evidence; null for a text of its own.</param>
internal sealed record KnownText(string Text, IReadOnlyList<string?> Labels, string? Group)
{
    /// <summary>Gets how such texts are called where others have the kind of their operator.</summary>
    public const string Operator = "text";

    /// <summary>Plans to evaluate the text: it is its own prompt, so that a resumed map notices when it has changed.</summary>
    public MapPlan Plan(long id) => new(id, Operator, [], Labels, Text);
}
