using System.Collections.Frozen;
using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Poems;

/// <summary>Judges the tone of a poem by which family of words occurs most often in it.</summary>
/// <remarks>The families are those of the built-in world's poems. Of other poems they know too few words to be trusted.</remarks>
public static class ToneJudge
{
    private static readonly FrozenDictionary<string, PoemTone> ToneOfWord = PoemLexicon.Instance.Tones
        .SelectMany(tone => new[] { tone.Value.Adjectives, tone.Value.Nouns, tone.Value.Verbs }.SelectMany(words => words)
            .SelectMany(words => words.Split(' ')).Except(["waits"]).Distinct().Select(word => (word, tone.Key)))
        .ToFrozenDictionary(entry => entry.word, entry => entry.Key);

    /// <summary>Judges a poem.</summary>
    /// <param name="poem">Any text.</param>
    /// <returns>The tone and the counts.</returns>
    public static ToneVerdict Judge(string poem)
    {
        ArgumentNullException.ThrowIfNull(poem);
        var counts = PoemText.Words(poem).Select(Syllables.Fold).Where(ToneOfWord.ContainsKey).CountBy(word => ToneOfWord[word]).OrderByDescending(count => count.Value).ThenBy(count => count.Key).ToList();
        var reason = counts.Count == 0 ? "no word of any tone" : string.Join(", ", counts.Select(count => $"{count.Value} {count.Key.ToString().ToLowerInvariant()}"));
        return new ToneVerdict(counts.Count == 1 || counts.Count > 1 && counts[0].Value > counts[1].Value ? counts[0].Key : null, reason);
    }
}
