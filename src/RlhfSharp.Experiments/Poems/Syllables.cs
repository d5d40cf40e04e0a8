using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.Poems;

/// <summary>Counts the syllables of English words from their spelling: groups of vowels, less those that are silent, plus those that stand together but are
/// spoken apart, and a list of words that follow no rule.</summary>
/// <remarks>Stress is not known, nor what a poet contracts without an apostrophe: <c>flower</c> always has two syllables, <c>fire</c> always one.</remarks>
public static class Syllables
{
    private static readonly Dictionary<string, int> Exceptions = Read(
        """
        0 th
        1 aye aisle isle isles corps eyed ewe ewes friends hearth learnd queue quay says theyre whose yacht youre
        2 being beings blessed business busy chaos colonel crooked cruel evening evenings every fluid forehead frontier goer doer hatred hundred jewel jewels
        2 leopard lion lions giant giants marriage carriage naked ocean persuade pigeon poem poems poet poets prism chasm quiet ragged react riot rugged ruin ruins
        2 sacred soldier soldiers something sometime therefore wherefore triumph trial wednesday wicked wretched cashier create creates diet fuel duel vial dial
        3 area beautiful beloved cemetery created creating diamond element elements genius heroine idea ideas museum poetry theatre violet violets violin
        """);

    // A u that only hardens a consonant; an e that is silent where a word is made of two: queen, guess; something, lonely.
    private static readonly Regex SilentU = new("(q|g)u(?=[aeiouy])", RegexOptions.Compiled);
    private static readonly Regex SilentE = new(
        "([aeiouy][^aeiouy]{1,2})e(?=(?:ly|less|lessly|ness|ful|fully|ment|ments|some|wards?|things?|times?|like|lands?|lights?|sides?|stones?|line|m[ae]n|work|where|one|body|woods?|hood|yards?|dom|birds?)$)", RegexOptions.Compiled);

    private static readonly Regex Group = new("[aeiou!]+", RegexOptions.Compiled);   // ! is a y that is a vowel
    private static readonly Regex VowelY = new("(?<=.)(?<![aeiou])y|y(?![aeiou])", RegexOptions.Compiled);

    private static readonly Regex SpokenApart = new(string.Join('|',
    [
        "(?<![ctsgxz])i[ao](?!n$|ns$|ge|u)", "(?<=[ao]n)ia(?=l|n)",        // radiant, violence; not special, nation
        "(?<=[aeiou][^aeiou]*[^aeiouctsgxlhn])i[ao](?=ns?$)",                    // guardian, champion; not million, onion
        "(?<![ctgx])iu|(?<![ctgxn])iou",                                        // radium, glorious; not precious, religious
        "(?<=[aeiou!][^aeiou!]+)ie(?=r$|rs$|st$)",                         // happier, happiest; not pier
        "(?<![ctl])ie(?=nt|nce|ncy)|(?<=[aeiou][^aeiou]*)ie(?=n$|ns$)",         // obedient, alien; not patient
        "ie(?=t(?!h))",                                                          // society, diet
        "[eou]i(?=ng)|(?<=[^aeiou])!i|![ao](?=[^r])|(?<=[aeiou]r)!i",          // being, dying, hyacinth
        "(?<![gsw])ua|(?<=[aeiou]s)ua|uo(?!t)",                                 // actual, usual, duo; not suave
        "ue(?=ls?$|nt|nc|t$)(?<!ue(?=t))",                                       // gruel, influence
        "(?<=n)ui|ui(?=n(?:s|ed|ous)?$)",                                        // genuine, ruin
        "(?<![gc])eo(?=us|n|m|l|d|s|g|$)", "oe(?=m|t)", "(?<=^cr)ea(?=t(?:e|i|o))|ea(?=lit)",      // theology, video, poetic, creation, reality
    ]), RegexOptions.Compiled);

    // -e, -es and -ed, unless they carry a syllable: table, acre, houses, wanted, tumbled.
    private static readonly Regex SilentEnding = new(
        "[^aeiou!lr]e$|[aeiou!rlw][lr]e$|(?:[^aeiou!lscxzgh]|[aeiou!rl]l|[^csaeiou!]h)es$|(?:[^aeiou!tdl]|[aeiou!rl]l)ed$", RegexOptions.Compiled);

    private static readonly Regex SyllabicM = new("(?:sm|thm)s?$");        // prism, rhythm
    private static readonly Regex SyllabicNot = new("[ds]n't$");           // didn't, wasn't; not don't
    private static readonly Regex Sibilant = new("(?:[sxz]|ch|sh|[cgsz]e)$");

    /// <summary>Counts the syllables of a word.</summary>
    /// <param name="word">Letters, apostrophes and hyphens; other characters are passed over.</param>
    /// <returns>At least 1 for what has a letter, except <c>th'</c>, which is spoken with the word that follows and counts 0.</returns>
    public static int Count(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Split('-', '\u2010', '\u2011').Sum(part => CountPart(Fold(part)));
    }

    /// <summary>Counts the syllables of a line.</summary>
    /// <param name="line">Words with anything between them.</param>
    /// <returns>The sum over its words.</returns>
    public static int CountLine(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return PoemText.Words(line).Sum(Count);
    }

    /// <summary>Brings a word into the form that rules are written for: lower case, no accents, nothing but letters and straight apostrophes inside.</summary>
    internal static string Fold(string word)
    {
        var text = new StringBuilder(word.Length);
        foreach (var character in word)
        {
            text.Append(char.ToLowerInvariant(PlainLetter.Of(character)) switch
            {
                '\'' or '\u2019' or '\u2018' or '\u02BC' => "'",
                'e' when character is 'é' or 'è' => "eh",   // not silent: café, belovèd
                'æ' or 'Æ' or 'œ' or 'Œ' => "e",
                >= 'a' and <= 'z' and var letter => $"{letter}",
                _ => string.Empty,
            });
        }
        return text.ToString().Trim('\'');
    }

    private static int CountPart(string word)
    {
        if (word.EndsWith("'s", StringComparison.Ordinal))
        {
            return CountPart(word[..^2]) + (Sibilant.IsMatch(word[..^2]) ? 1 : 0);
        }
        var letters = word.Replace("'", string.Empty, StringComparison.Ordinal);
        if (letters.Length == 0 || Exceptions.TryGetValue(letters, out var known))
        {
            return letters.Length == 0 ? 0 : Exceptions[letters];
        }
        var sounded = VowelY.Replace(SilentE.Replace(SilentU.Replace(letters, "$1"), "$1"), "!");
        var groups = Group.Count(sounded);
        var silent = groups > 1 && SilentEnding.IsMatch(sounded) ? 1 : 0;
        var syllabic = SyllabicM.IsMatch(sounded) || SyllabicNot.IsMatch(word) ? 1 : 0;
        return Math.Max(groups - silent + syllabic + SpokenApart.Count(sounded), 1);
    }

    private static Dictionary<string, int> Read(string table) => table.Split('\n')
        .Select(line => line.Split(' '))
        .SelectMany(words => words.Skip(1).Select(word => (word, Count: int.Parse(words[0], CultureInfo.InvariantCulture))))
        .ToDictionary(entry => entry.word, entry => entry.Count);
}
