using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>Where a poem of one tone takes its words from: mostly from the tone's family.</summary>
internal sealed class PoemWords
{
    private const double ToneShare = 0.8;
    private const double NeutralShare = 0.17;   // what is left are words of another tone: a poem is not told by one word alone

    private static readonly PoemTone[] Tones = Enum.GetValues<PoemTone>();
    private static readonly PoemWords[] ByTone = [.. Tones.Select(tone => new PoemWords(tone))];

    private readonly PoemTone _tone;
    private readonly Dictionary<string, int> _syllables;

    private PoemWords(PoemTone tone)
    {
        _tone = tone;
        var lexicon = PoemLexicon.Instance;
        _syllables = lexicon.Tones.Values.Append(lexicon.Neutral).SelectMany(family => family.Adjectives.Concat(family.Nouns).Concat(family.Verbs))
            .Concat(lexicon.Persons).Concat(lexicon.Subjects).Concat(lexicon.Rhymes.SelectMany(words => words))
            .Distinct().ToDictionary(word => word, Syllables.CountLine);
    }

    /// <summary>Gets the words for a tone.</summary>
    public static PoemWords Of(PoemTone tone) => ByTone[(int)tone];

    /// <summary>Gets the syllables of one of the lexicon's words.</summary>
    public int SyllablesOf(string word) => _syllables[word];

    /// <summary>Draws a word for a slot.</summary>
    public string Draw(string slot, NamedRandom random)
    {
        var lexicon = PoemLexicon.Instance;
        if (slot == "person")
        {
            return lexicon.Persons[random.Next(lexicon.Persons.Count)];
        }
        var family = random.NextDouble() switch
        {
            < ToneShare => lexicon.Tones[_tone],
            < ToneShare + NeutralShare => lexicon.Neutral,
            _ => lexicon.Tones[Tones[((int)_tone + 1 + random.Next(Tones.Length - 1)) % Tones.Length]],
        };
        var words = slot switch
        {
            "adj" => family.Adjectives,
            "noun" => family.Nouns,
            "verb" => family.Verbs,
            _ => throw new ArgumentException($"A line of verse has no slot '{slot}'.", nameof(slot)),
        };
        return words[random.Next(words.Count)];
    }
}
