using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Baselines;

/// <summary>A preference model that counts words: logistic regression on the difference of the answers' log(1 + count) of each word.</summary>
/// <remarks>It knows neither prompt nor order of words. What a language model learned must show above it. The strength of regularisation is
/// the one of <see cref="Penalties"/> with the least loss in a cross-validation inside the training pairs; held-out pairs are never seen.</remarks>
internal static class BagOfWordsPreference
{
    private const int InnerFolds = 5;

    /// <summary>Gets the strengths that are tried, the strongest first; a tie goes to the stronger.</summary>
    public static readonly double[] Penalties = [300, 100, 30, 10, 3, 1];

    /// <summary>Trains on some pairs and judges others.</summary>
    /// <param name="train">Pairs to learn from. Without any all judgements are ties.</param>
    /// <param name="test">Pairs to judge.</param>
    /// <param name="seed">Decides the inner folds.</param>
    /// <returns>For each pair of <paramref name="test"/> 1 where the chosen answer scores higher, 0 where it scores lower, 0.5 for a tie.</returns>
    public static IReadOnlyList<double> Evaluate(IReadOnlyList<AnswerPair> train, IReadOnlyList<AnswerPair> test, long seed)
    {
        var features = new WordFeatures(train);
        var weights = LogisticRegression.Fit(Rows(features, train), features.Count, ChoosePenalty(train, seed));
        return [.. Rows(features, test).Select(row => 0.5 + 0.5 * Math.Sign(LogisticRegression.Score(weights, row)))];
    }

    /// <summary>Finds the strength of regularisation that predicts best inside the training pairs.</summary>
    internal static double ChoosePenalty(IReadOnlyList<AnswerPair> train, long seed)
    {
        var folds = Math.Min(InnerFolds, train.Count);
        if (folds < 2)
        {
            return Penalties[0];
        }
        var shuffled = train.ToArray();
        new NamedRandom(seed, "bag-of-words").Shuffle<AnswerPair>(shuffled);
        var losses = new double[Penalties.Length];
        for (var fold = 0; fold < folds; fold++)
        {
            var inner = shuffled.Where((_, i) => i % folds != fold).ToList();
            var heldOut = shuffled.Where((_, i) => i % folds == fold).ToList();
            var features = new WordFeatures(inner);
            var (innerRows, heldOutRows) = (Rows(features, inner), Rows(features, heldOut));
            for (var i = 0; i < losses.Length; i++)
            {
                var weights = LogisticRegression.Fit(innerRows, features.Count, Penalties[i]);
                losses[i] += heldOutRows.Sum(row => LogisticRegression.RowLoss(LogisticRegression.Score(weights, row)));
            }
        }
        return Penalties[Array.IndexOf(losses, losses.Min())];
    }

    private static (int Word, double Value)[][] Rows(WordFeatures features, IEnumerable<AnswerPair> pairs) => [.. pairs.Select(features.Describe)];
}
