namespace RlhfSharp.Experiments.Baselines;

/// <summary>The rule that the shorter answer is the better one. What a model learned must show above it.</summary>
internal static class ShorterAnswerWins
{
    /// <summary>Judges pairs.</summary>
    /// <param name="pairs">Answers; their length is counted in UTF-16 units.</param>
    /// <returns>For each pair 1 where the chosen answer is shorter, 0 where it is longer, 0.5 where both are equally long.</returns>
    public static IReadOnlyList<double> Evaluate(IReadOnlyList<AnswerPair> pairs) =>
        [.. pairs.Select(pair => 0.5 + 0.5 * Math.Sign(pair.Rejected.Length - pair.Chosen.Length))];
}
