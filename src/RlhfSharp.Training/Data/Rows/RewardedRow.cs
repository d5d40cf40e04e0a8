namespace RlhfSharp.Training.Data;

/// <summary>A dialogue and what it earned: one number at its end, numbers for its turns, or numbers for places in its completion.</summary>
/// <param name="Id"><inheritdoc/></param>
/// <param name="Source"><inheritdoc/></param>
/// <param name="Prompt">What comes first and earns nothing; null when <paramref name="Completion"/> is the whole text or dialogue.</param>
/// <param name="Completion">What the model is taken to have said; in a dialogue, its assistant turns.</param>
public sealed record RewardedRow(string Id, RowSource Source, Passage? Prompt, Passage Completion) : TextRow(Id, Source)
{
    /// <summary>Gets the reward of the whole, received with the last answer token; null when the others are given. Finite.</summary>
    public double? Reward { get; init; }

    /// <summary>Gets one entry per assistant turn of <see cref="Completion"/>, received with the turn's last token, null for a turn that was not
    /// judged; empty when the others are given. Finite, and at least one is a number.</summary>
    public IReadOnlyList<double?> TurnRewards { get; init; } = [];

    /// <summary>Gets rewards of single tokens; empty when the others are given.</summary>
    public IReadOnlyList<TokenReward> TokenRewards { get; init; } = [];
}
