namespace RlhfSharp.Experiments.Baselines;

/// <summary>The judge that knows nothing but length: the shorter answer is the better one.</summary>
public static class ShorterAnswerWins
{
    /// <summary>Judges pairs.</summary>
    /// <param name="pairs">The pairs.</param>
    /// <returns>For each pair 1 where the chosen answer has fewer characters, 0.5 where both have as many, else 0.</returns>
    public static IReadOnlyList<double> Evaluate(IReadOnlyList<AnswerPair> pairs) =>
        [.. pairs.Select(pair => 0.5 + 0.5 * Math.Sign(pair.Rejected.Length - pair.Chosen.Length))];
}
