using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Baselines;

/// <summary>Turns answers into sparse counts of words: entry i is (word, value), words in ascending order.</summary>
internal sealed partial class WordFeatures
{
    // A word of one answer alone can only be learned by heart.
    private const int MinAnswers = 2;

    private readonly Dictionary<string, int> _indexOf;

    /// <summary>Learns the vocabulary.</summary>
    /// <param name="pairs">The training pairs; nothing else may be seen.</param>
    public WordFeatures(IReadOnlyList<AnswerPair> pairs)
    {
        var answers = pairs.SelectMany(pair => new[] { pair.Chosen, pair.Rejected });
        var words = answers
            .SelectMany(answer => Words(answer).Distinct(StringComparer.Ordinal))
            .CountBy(word => word)
            .Where(count => count.Value >= MinAnswers)
            .Select(count => count.Key)
            .Order(StringComparer.Ordinal);
        _indexOf = words.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
    }

    /// <summary>Gets the number of words.</summary>
    public int Count => _indexOf.Count;

    /// <summary>Describes a pair: for each word log(1 + count) of the chosen answer minus that of the rejected one.</summary>
    /// <param name="pair">Two answers; unknown words are passed over.</param>
    /// <returns>The entries that are not 0. Exchanging the answers changes all signs.</returns>
    public (int Word, double Value)[] Describe(AnswerPair pair)
    {
        var (chosen, rejected) = (CountWords(pair.Chosen), CountWords(pair.Rejected));
        return
        [
            .. from word in chosen.Keys.Union(rejected.Keys)
               let value = Math.Log(1 + chosen.GetValueOrDefault(word)) - Math.Log(1 + rejected.GetValueOrDefault(word))
               where value != 0
               orderby word
               select (word, value),
        ];
    }

    private Dictionary<int, int> CountWords(string answer) =>
        Words(answer).Where(_indexOf.ContainsKey).CountBy(word => _indexOf[word]).ToDictionary();

    private static IEnumerable<string> Words(string answer) => Word().Matches(answer).Select(match => match.Value.ToLowerInvariant());

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
