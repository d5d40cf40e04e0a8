using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.Poems;

/// <summary>How the ends of English words sound, guessed from their spelling; two words rhyme where a guess is the same.</summary>
/// <remarks>A sound is a vowel in capitals and the consonants after it: <c>light</c> and <c>kite</c> are both <c>AYt</c>. After a weak syllable it is that of the one
/// before: <c>merry</c> is <c>EHr-y</c>. A word of which spelling leaves several ways to speak it has several.</remarks>
internal static partial class RhymeSounds
{
    private static readonly (string Ending, string Sound)[] WeakEndings =
    [
        ("ness", "nes"), ("less", "les"), ("ing", "ing"), ("ure", "er"), ("age", "ij"), ("ous", "us"), ("ful", "ful"), ("ly", "ly"), ("ish", "ish"), ("eth", "eth"),
        ("ey", "y"), ("ie", "y"), ("er", "er"), ("or", "er"), ("en", "en"), ("on", "en"), ("le", "l"), ("al", "l"), ("el", "l"), ("ow", "o"), ("et", "it"), ("it", "it"), ("ed", "ed"), ("y", "y"),
    ];

    /// <summary>Gets the guesses at how a word ends.</summary>
    /// <param name="word">Lower-case letters only.</param>
    /// <returns>At least one; none for a word without a vowel.</returns>
    public static HashSet<string> Of(string word)
    {
        if (Irregular.TryGetValue(word, out var known))
        {
            return [.. known];
        }
        if (word.EndsWith('s') && Irregular.TryGetValue(word[..^1], out known))
        {
            return [.. known.Select(sound => sound + "s")];
        }
        if (!HasVowel().IsMatch(word))
        {
            return [];
        }
        if (PlainEnding().Match(word) is { Success: true } ending)   // a silent -ed, a plural or a third person: the stem's sound and one consonant more
        {
            var (stem, consonant) = WithoutEnding(word, ending.Value);
            return [.. Of(stem).Select(sound => sound + consonant)];
        }
        var sounded = HardQOrG().Replace(word, "$1");
        if (WeakEnding(word) is not { } weak)
        {
            return [LastSyllable(sounded)];
        }
        var sounds = BeforeWeak(sounded[..^weak.Ending.Length]).Select(sound => $"{sound}-{weak.Sound}").ToHashSet();
        if (Syllables.Count(word) > 2)
        {
            sounds.Add(LastSyllable(sounded));
            sounds.UnionWith(weak.Sound == "y" ? ["IY", "AY"] : []);   // memory rhymes with thee, and of old with die
        }
        return sounds;
    }

    /// <summary>Tells whether a word of two syllables ends in one that is not stressed, as far as spelling tells.</summary>
    public static bool HasWeakEnding(string word) => Syllables.Count(word) == 2 && WeakEnding(word) is not null;

    private static (string Ending, string Sound)? WeakEnding(string word)
    {
        var found = WeakEndings.FirstOrDefault(weak => word.EndsWith(weak.Ending, StringComparison.Ordinal));
        return found.Ending is { } letters && Syllables.Count(word) > 1 && HasVowel().IsMatch(word[..^letters.Length]) && !VowelBeforeVowel().IsMatch($"{word[..^letters.Length]}+{letters}")
            ? found
            : null;
    }

    // Before a single consonant the vowel may be short or long: river, paper.
    private static IEnumerable<string> BeforeWeak(string head)
    {
        var (vowel, consonants, hasE) = Split(head);
        var coda = Undouble().Replace(consonants, "$1");
        if (hasE)   // lonely, graceful
        {
            return Of(head);
        }
        return consonants.Length == 1 && vowel.Length == 1
            ? [Vowel(head, vowel, consonants, false) + coda, Vowel(head, vowel, consonants, true) + coda]
            : [Vowel(head, vowel, consonants, false) + coda];
    }

    private static string LastSyllable(string word)
    {
        var (vowel, consonants, hasE) = Split(word);
        return Vowel(word, vowel, consonants, hasE) + Coda(vowel, consonants, hasE);
    }

    private static (string Vowel, string Consonants, bool HasE) Split(string word)
    {
        var match = Ending().Match(word);
        return (match.Groups["vowel"].Value, match.Groups["consonants"].Value, match.Groups["e"].Success);
    }

    private static (string Stem, string Consonant) WithoutEnding(string word, string ending)
    {
        var stem = word[..^ending.Length];
        var consonant = ending[^1] is 's' ? "s" : UnvoicedEnd().IsMatch(stem) ? "t" : "d";
        if (ending == "ies" || ending == "ied")
        {
            return (stem + "y", consonant);
        }
        if (ending[0] != 'e' && ending[0] != 'i')
        {
            return (stem, consonant);
        }
        // named from name, but walked from walk, rained from rain, hummed from hum.
        return (DoubleConsonant().IsMatch(stem) ? stem[..^1] : HadSilentE().IsMatch(stem) ? stem + "e" : stem, consonant);
    }

    private static string Coda(string vowel, string consonants, bool hasE)
    {
        var coda = consonants;
        if (coda.StartsWith("gh", StringComparison.Ordinal) || coda.StartsWith('r'))
        {
            coda = coda[(coda[0] == 'r' ? coda.StartsWith("rr", StringComparison.Ordinal) ? 2 : 1 : 2)..];   // part of the vowel
        }
        foreach (var (letters, sound) in Codas)
        {
            if ((coda + (hasE ? "e" : string.Empty)).EndsWith(letters, StringComparison.Ordinal))
            {
                coda = (coda + (hasE ? "e" : string.Empty))[..^letters.Length] + sound;
                break;
            }
        }
        coda = coda is "lk" or "lf" or "lm" && vowel is "a" or "o" ? coda[1..] : coda;
        return Undouble().Replace(coda.TrimEnd('e'), "$1");
    }

    private static readonly (string Letters, string Sound)[] Codas =
    [
        ("tch", "ch"), ("dge", "j"), ("nge", "nj"), ("rge", "rj"), ("ge", "j"), ("que", "k"), ("the", "th"), ("ce", "s"), ("se", "s"), ("ze", "s"), ("ck", "k"), ("ph", "f"), ("mb", "m"),
        ("mn", "m"), ("gn", "n"), ("bt", "t"), ("x", "ks"), ("zz", "s"), ("z", "s"), ("c", "k"),
    ];

    private static string Vowel(string word, string vowel, string consonants, bool hasE)
    {
        if (consonants.StartsWith("gh", StringComparison.Ordinal))
        {
            return vowel switch { "i" => "AY", "ei" or "ai" => "EY", "ou" or "au" when consonants == "ght" => "AO", _ => "OW" };
        }
        if (consonants.StartsWith('r'))
        {
            return VowelBeforeR(word, vowel, consonants is "r" && hasE, consonants is "r" or "rs");
        }
        return vowel switch
        {
            "ai" or "ay" or "ey" or "ei" or "eigh" => "EY",
            "ee" or "ea" => "IY",
            "ie" => consonants.Length == 0 ? "AY" : "IY",
            "ye" => "AY",
            "oa" or "oe" => "OW",
            "ou" => consonants is "" or "p" ? "UW" : "AW",
            "ow" => consonants is "" or "n" ? "OW" : "AW",
            "oo" or "ew" or "ue" or "ui" or "eu" or "iew" or "eau" => "UW",
            "oi" or "oy" => "OY",
            "au" or "aw" => "AO",
            _ => SingleVowel(vowel.Length > 0 ? vowel[^1] : ' ', consonants, hasE),
        };
    }

    private static string VowelBeforeR(string word, string vowel, bool hasE, bool isLast) => vowel switch
    {
        "ea" or "ee" or "ie" or "eo" or "ei" when isLast => "IHr",
        "ai" or "ei" => "EHr",
        "oa" or "oo" or "ou" or "au" => "AOr",
        "ea" => "ERr",
        "a" => hasE ? "EHr" : word.Contains("war", StringComparison.Ordinal) ? "AOr" : "AAr",
        "o" => !hasE && word.Contains("wor", StringComparison.Ordinal) ? "ERr" : "AOr",
        "e" => hasE ? "IHr" : "ERr",
        "i" or "y" or "ia" => hasE || vowel == "ia" ? "AYr" : "ERr",
        _ => hasE ? "UWr" : "ERr",
    };

    private static string SingleVowel(char vowel, string consonants, bool hasE)
    {
        var isLong = consonants.Length == 0 || hasE && (consonants.Length == 1 || consonants is "th" or "st" or "ng" or "bl" or "gu");
        return vowel switch
        {
            'a' => consonants.Length == 0 ? "AA" : isLong ? "EY" : consonants is "ll" or "l" or "lt" or "ld" or "lk" ? "AO" : consonants is "lm" or "lf" ? "AA" : "AE",
            'e' => isLong ? "IY" : "EH",
            'i' or 'y' => isLong || consonants is "nd" or "ld" or "gn" ? "AY" : "IH",
            'o' => isLong || consonants is "ld" or "lt" or "lk" ? "OW" : consonants is "ng" or "ss" or "st" or "ft" or "th" or "ff" ? "AO" : "AA",
            _ => isLong || consonants == "th" ? "UW" : "UH",
        };
    }

    // The last vowel that is spoken, with a w that belongs to it, the consonants after it and a silent e.
    [GeneratedRegex("(?<vowel>(?:[aeiou]|(?<=.)y)+(?:w(?=n?$|l$|d$|k$|s$))?)(?<consonants>[^aeiouy]*)(?:(?<=[^aeiouy])(?<e>e))?$")]
    private static partial Regex Ending();

    [GeneratedRegex("(?<=[aeiouy].*)(?:(?<=[^aeiouytd])ed|(?<=[aeiouy])d(?<=[aeo][ye]d|ied|wed)|(?<=[^aeious])s(?<!ss)|(?<=[aeiouy]w?)s(?<=[aeoi][yew]s|oes|ees|ues)|(?<=[aeiouy][^aeiousc]|[aeiou]th|r[^s]|st)e?s(?<!ses|ces|ges|zes|ss|us|is))$")]
    private static partial Regex PlainEnding();

    [GeneratedRegex("[aeiou][+](?!ing)[aeiouy]")]   // away has no weak ending -y
    private static partial Regex VowelBeforeVowel();

    [GeneratedRegex("(q|g)u(?=[aeiouy])")]
    private static partial Regex HardQOrG();

    [GeneratedRegex("(?:[pkfxsc]|sh|ch)$")]
    private static partial Regex UnvoicedEnd();

    [GeneratedRegex("([^aeioulsf])\\1$")]
    private static partial Regex DoubleConsonant();

    [GeneratedRegex("(?:(?<![aeiou])[aeiouy][^aeiouywx]|[aeiou]th|[vscgz])$")]
    private static partial Regex HadSilentE();

    [GeneratedRegex("([^aeiou])\\1")]
    private static partial Regex Undouble();

    [GeneratedRegex("[aeiouy]")]
    private static partial Regex HasVowel();
}
