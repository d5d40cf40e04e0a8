using System.Text.RegularExpressions;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Baselines;

/// <summary>The judge that knows words but no order: logistic regression on which words an answer uses how often.</summary>
/// <remarks>The Bradley-Terry model with a linear score: P(chosen beats rejected) = σ(w·(x(chosen) − x(rejected))), x = log(1 + count) of each
/// lower-cased word. No intercept: swapping the answers must swap the verdict. The strength of the penalty is chosen on a fifth of the training pairs.</remarks>
public static partial class BagOfWordsPreference
{
    private const int Passes = 200;
    private const double StepSize = 0.3;
    private const int InnerFolds = 5;
    private static readonly double[] Penalties = [0.3, 1, 3, 10, 30];

    /// <summary>Trains on some pairs and judges others.</summary>
    /// <param name="train">Pairs to learn from.</param>
    /// <param name="test">Pairs to judge.</param>
    /// <param name="seed">Decides which training pairs choose the penalty.</param>
    /// <returns>For each test pair 1 where the chosen answer scores higher, 0.5 for a tie, else 0.</returns>
    public static IReadOnlyList<double> Evaluate(IReadOnlyList<AnswerPair> train, IReadOnlyList<AnswerPair> test, long seed)
    {
        var vocabulary = new Dictionary<string, int>();
        var rows = train.Select(pair => Features(pair, vocabulary, isFrozen: false)).ToList();
        var testRows = test.Select(pair => Features(pair, vocabulary, isFrozen: true)).ToList();
        var order = Enumerable.Range(0, rows.Count).ToArray();
        new NamedRandom(seed, "bag-of-words").Shuffle(order.AsSpan());
        var inner = order.Where((_, i) => i % InnerFolds != 0).Select(i => rows[i]).ToList();
        var chooser = order.Where((_, i) => i % InnerFolds == 0).Select(i => rows[i]).ToList();
        var penalty = Penalties.MaxBy(candidate => Judge(chooser, Fit(inner, vocabulary.Count, candidate)).Sum());
        return Judge(testRows, Fit(rows, vocabulary.Count, penalty));
    }

    private static double[] Judge(List<(int Word, double Value)[]> rows, double[] weights) => [.. rows.Select(row => 0.5 + 0.5 * Math.Sign(Score(row, weights)))];

    // Minimises Σ log(1 + exp(−w·x)) + penalty·|w|²/2 with all rows at once, each weight at its own pace (AdaGrad, Duchi et al. 2011).
    private static double[] Fit(List<(int Word, double Value)[]> rows, int words, double penalty)
    {
        var (weights, squares) = (new double[words], new double[words]);
        for (var pass = 0; pass < Passes; pass++)
        {
            double[] gradient = [.. weights.Select(weight => penalty * weight)];
            foreach (var row in rows)
            {
                var slope = -1 / (1 + Math.Exp(Score(row, weights)));
                foreach (var (word, value) in row)
                {
                    gradient[word] += slope * value;
                }
            }
            for (var word = 0; word < words; word++)
            {
                squares[word] += gradient[word] * gradient[word];
                weights[word] -= squares[word] == 0 ? 0 : StepSize * gradient[word] / Math.Sqrt(squares[word]);
            }
        }
        return weights;
    }

    private static double Score((int Word, double Value)[] row, double[] weights) => row.Sum(feature => feature.Value * weights[feature.Word]);

    private static (int Word, double Value)[] Features(AnswerPair pair, Dictionary<string, int> vocabulary, bool isFrozen)
    {
        var difference = new SortedDictionary<int, double>();
        Add(pair.Chosen, 1);
        Add(pair.Rejected, -1);
        return [.. difference.Where(feature => feature.Value != 0).Select(feature => (feature.Key, feature.Value))];

        void Add(string text, int sign)
        {
            foreach (var (word, count) in Words().Matches(text.ToLowerInvariant()).CountBy(match => match.Value))
            {
                if (!vocabulary.TryGetValue(word, out var index))
                {
                    if (isFrozen)
                    {
                        continue;
                    }
                    vocabulary.Add(word, index = vocabulary.Count);
                }
                difference[index] = difference.GetValueOrDefault(index) + sign * Math.Log(1 + count);
            }
        }
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
