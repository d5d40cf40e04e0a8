using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Finds where a text mentions a thing: in any case, singular or plural, with a possessive, hyphens for blanks, by an alias.</summary>
/// <remarks>A name inside another word is no mention. Accents do not matter: <c>Gruyère</c> is found as <c>gruyere</c>. Plurals follow English
/// spelling of the last word and a list of irregular ones; what is meant by a pronoun or a description is not found.</remarks>
public sealed class MentionDetector
{
    private const string Apostrophes = "['\u2019\u2018\u02BC\uFF07]";
    private static readonly Dictionary<string, string> Irregular = Both(
        ("man", "men"), ("woman", "women"), ("child", "children"), ("person", "people"), ("foot", "feet"), ("tooth", "teeth"), ("goose", "geese"),
        ("mouse", "mice"), ("louse", "lice"), ("ox", "oxen"), ("die", "dice"), ("cactus", "cacti"), ("fungus", "fungi"), ("octopus", "octopi"));

    private readonly Regex _pattern;

    /// <summary>Initializes the detector of one thing.</summary>
    /// <param name="name">Its name, of one or more words.</param>
    /// <param name="aliases">Other names.</param>
    /// <exception cref="ArgumentException">A name has no letter or digit.</exception>
    public MentionDetector(string name, IEnumerable<string>? aliases = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var names = (aliases ?? []).Prepend(name).Select(Pattern).OrderByDescending(pattern => pattern.Length);
        _pattern = new Regex(
            $@"(?<![\p{{L}}\p{{N}}])(?:{string.Join('|', names)})(?:{Apostrophes}s?)?(?![\p{{L}}\p{{N}}])",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    /// <summary>Tells whether a text mentions the thing.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>Whether it does.</returns>
    public bool IsMentioned(string text) => _pattern.IsMatch(Fold(text).Text);

    /// <summary>Finds all mentions.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>In order, without overlaps; a possessive's ending belongs to its mention.</returns>
    public IReadOnlyList<Mention> Find(string text)
    {
        var (folded, places) = Fold(text);
        return [.. _pattern.Matches(folded).Select(match =>
        {
            var start = places[match.Index];
            var end = places[match.Index + match.Length];
            return new Mention(start, end - start);
        })];
    }

    private static string Pattern(string name)
    {
        var folded = Fold(name).Text.ToLowerInvariant();
        var words = Regex.Matches(folded, @"[\p{L}\p{N}]+").ToList();
        if (words.Count == 0)
        {
            throw new ArgumentException($"'{name}' has no letter or digit by which it could be found in a text.", nameof(name));
        }
        var pattern = new StringBuilder();
        foreach (var (word, next) in words.Zip(words.Skip(1)))
        {
            pattern.Append(Regex.Escape(word.Value)).Append(Joint(folded[(word.Index + word.Length)..next.Index]));
        }
        return pattern.Append(CultureInfo.InvariantCulture, $"(?:{string.Join('|', Forms(words[^1].Value).Select(Regex.Escape))})").ToString();
    }

    // What may stand between two words in place of what stands there in the name: blanks, hyphens, an apostrophe (blind man's buff), a point (St. Bernard);
    // nothing only where the name has no blank; a sign such as the one of H&M must be there, or "hm" would be a mention.
    private static string Joint(string gap)
    {
        var hasBlank = gap.Any(char.IsWhiteSpace);
        var usual = $@"[\s\p{{Pd}}'\u2019.]{(hasBlank ? '+' : '*')}";
        var sign = Regex.Replace(gap, @"[\s\p{Pd}'\u2019.]", string.Empty);
        return sign.Length == 0 ? usual
            : sign == "&" ? @"(?:\s*&\s*|\s+and\s+)"
            : hasBlank ? $@"(?:\s*{Regex.Escape(sign)}\s*|{usual})"
            : $@"\s*{Regex.Escape(sign)}\s*";
    }

    // Singular and plural, whichever is given; longest first, or the shorter would be found inside.
    private static IEnumerable<string> Forms(string word)
    {
        var forms = new HashSet<string> { word };
        if (Irregular.TryGetValue(word, out var other))
        {
            forms.Add(other);
        }
        foreach (var singular in Singulars(word).Append(word))
        {
            forms.Add(singular);
            forms.UnionWith(Plurals(singular));
        }
        return forms.OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Plurals(string word)
    {
        yield return $"{word}s";
        if (Regex.IsMatch(word, "(?:s|x|z|ch|sh|o)$"))
        {
            yield return $"{word}es";
        }
        if (Regex.IsMatch(word, "[^aeiou]y$"))
        {
            yield return $"{word[..^1]}ies";
        }
        if (Regex.IsMatch(word, "(?:[lr]f|[ae]af|oaf)$"))
        {
            yield return $"{word[..^1]}ves";
        }
        if (word.EndsWith("fe", StringComparison.Ordinal))
        {
            yield return $"{word[..^2]}ves";
        }
    }

    private static IEnumerable<string> Singulars(string word)
    {
        if (word.Length < 4 || !word.EndsWith('s') || word.EndsWith("ss", StringComparison.Ordinal) || word.EndsWith("us", StringComparison.Ordinal)
            || word.EndsWith("is", StringComparison.Ordinal))
        {
            yield break;
        }
        if (word.EndsWith("ies", StringComparison.Ordinal) && word.Length > 4)
        {
            yield return $"{word[..^3]}y";
        }
        if (Regex.IsMatch(word, "(?:s|x|z|ch|sh|o)es$"))
        {
            yield return word[..^2];
        }
        yield return word[..^1];
    }

    // Letters without their accents, and where each came from; one entry more for the end.
    private static (string Text, int[] Places) Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        var places = new List<int>(text.Length + 1);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.GetUnicodeCategory(text[i]) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }
            folded.Append(PlainLetter.Of(text[i]));
            places.Add(i);
        }
        places.Add(text.Length);
        return (folded.ToString(), [.. places]);
    }

    private static Dictionary<string, string> Both(params (string One, string Many)[] pairs) =>
        pairs.SelectMany(pair => new[] { (pair.One, pair.Many), (pair.Many, pair.One) }).ToDictionary();
}
