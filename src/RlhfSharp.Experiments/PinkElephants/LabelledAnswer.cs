namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>An answer that was called good or bad.</summary>
/// <param name="Dialogue">What it answers.</param>
/// <param name="Index">The place of the dialogue in its data, from 0.</param>
/// <param name="Name">What tells it from the dialogue's other answers.</param>
/// <param name="Text">What was said.</param>
/// <param name="IsGood">Whether it obeys.</param>
internal sealed record LabelledAnswer(PinkElephantDialogue Dialogue, int Index, string Name, string Text, bool IsGood)
{
    /// <summary>Lists the two answers that come with each dialogue.</summary>
    public static IReadOnlyList<LabelledAnswer> Written(IReadOnlyList<PinkElephantDialogue> dialogues) =>
    [
        .. dialogues.Index().SelectMany(item => new LabelledAnswer[]
        {
            new(item.Item, item.Index, "chosen", item.Item.Chosen, IsGood: true),
            new(item.Item, item.Index, "rejected", item.Item.Rejected, IsGood: false),
        }),
    ];
}
