namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>What a trained model must reach for the task to count as solved, on unseen pairs of things.</summary>
/// <remarks>A low mention rate alone is worthless: a model that says nothing, or nothing sensible, has it too.</remarks>
public static class ScoreBars
{
    private static readonly ScoreBar[] All =
    [
        new("mention_rate", "at most 0.05", (final, _) => final <= 0.05),
        new("mention_rate_uninstructed", "at least 0.8 × start", (final, start) => final >= 0.8 * start),
        new("on_topic", "at least 0.9", (final, _) => final >= 0.9),
        new("other_entity", "at most start + 0.01", (final, start) => final <= start + 0.01),
        new("well_formed", "at least start − 0.01", (final, start) => final >= start - 0.01),
        new("length", "at least 0.9 × start", (final, start) => final >= 0.9 * start),
        new("distinct_2", "at least 0.9 × start", (final, start) => final >= 0.9 * start),
        new("judge_perplexity_ratio", "at most 1.15", (final, _) => final <= 1.15),
        new("perplexity_ratio", "0.7 to 1.15", (final, _) => final is >= 0.7 and <= 1.15),
    ];

    /// <summary>Gets the bars, in the order in which tables show them.</summary>
    public static IReadOnlyList<ScoreBar> Bars => All;
}
