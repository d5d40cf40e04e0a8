using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Poems;

/// <summary>A word at the end of a line: what it sounds like is found out once, when it is first compared.</summary>
internal sealed partial class RhymingWord
{
    private readonly string _letters;
    private HashSet<string>? _sounds;

    /// <summary>Initializes the word; only its part after the last hyphen counts.</summary>
    public RhymingWord(string word) => _letters = Syllables.Fold(word[(word.LastIndexOf('-') + 1)..]).Replace("'", string.Empty, StringComparison.Ordinal);

    private HashSet<string> Sounds => _sounds ??= RhymeSounds.Of(_letters);

    // From the last vowel that is spoken on; of a word that ends in a weak syllable, from the vowel before that one.
    private string Tail => (RhymeSounds.HasWeakEnding(_letters) ? TwoVowels() : OneVowel()).Match(_letters).Value;

    public RhymeKind Match(RhymingWord other)
    {
        if (_letters.Length == 0 || other._letters.Length == 0)
        {
            return RhymeKind.None;
        }
        if (_letters == other._letters)
        {
            return RhymeKind.SameWord;
        }
        if (Sounds.Overlaps(other.Sounds))
        {
            return RhymeKind.Sound;
        }
        return _letters[^1] == other._letters[^1] && Tail is { Length: > 2 } tail && tail == other.Tail ? RhymeKind.Spelling : RhymeKind.None;
    }

    [GeneratedRegex("[aeiouy]+[^aeiouy]+e?[sd]?$")]
    private static partial Regex OneVowel();

    [GeneratedRegex("[aeiou]+[^aeiou]+[aeiouy]+[^aeiouy]*$")]
    private static partial Regex TwoVowels();
}
