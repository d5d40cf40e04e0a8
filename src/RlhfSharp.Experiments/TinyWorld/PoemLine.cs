using System.Text;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>A line of verse with slots in braces, which is filled so that it has a given number of syllables.</summary>
/// <remarks>Slots: <c>adj</c>, <c>noun</c>, <c>verb</c> of the tone, <c>person</c>, and <c>end</c>, the word that rhymes, which stands last. <c>a</c> before a slot becomes <c>an</c> where it must.</remarks>
internal sealed class PoemLine
{
    private const int Tries = 12;

    // Literal text at even places, slots at odd ones.
    private readonly string[] _parts;
    private readonly int _literalSyllables;

    private PoemLine(string template)
    {
        _parts = template.Split('{', '}');
        _literalSyllables = _parts.Where((_, place) => place % 2 == 0).Sum(Syllables.CountLine);
    }

    public static implicit operator PoemLine(string template) => new(template);

    /// <summary>Writes the line.</summary>
    /// <param name="words">What to fill the slots from.</param>
    /// <param name="syllables">How many the line is to have.</param>
    /// <param name="end">The word that ends it.</param>
    /// <param name="subject">What stands in the first slot for a noun; null to draw that too.</param>
    /// <param name="random">Decides the rest.</param>
    /// <returns>The line without a capital or a full stop; null if a few draws did not give that many syllables.</returns>
    public string? Write(PoemWords words, int syllables, string end, string? subject, NamedRandom random)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var (text, count, left, used) = (new StringBuilder(), _literalSyllables, subject, new HashSet<string>());
            for (var i = 0; i < _parts.Length; i++)
            {
                if (i % 2 == 0)
                {
                    text.Append(_parts[i]);
                    continue;
                }
                var word = _parts[i] == "end" ? end : _parts[i] == "noun" && left is not null ? left : words.Draw(_parts[i], random);
                left = _parts[i] == "noun" ? null : left;
                if (!used.Add(word))
                {
                    count = int.MinValue;   // the wise and the wise
                }
                count += words.SyllablesOf(word);
                var takesN = EndsWithArticle(text) && "aeiou".Contains(word[0], StringComparison.Ordinal);
                text.Insert(takesN ? text.Length - 1 : text.Length, takesN ? "n" : string.Empty).Append(word);
            }
            if (count == syllables && (subject is null || left is null))
            {
                return text.ToString();
            }
        }
        return null;
    }

    private static bool EndsWithArticle(StringBuilder text) => text.Length >= 2 && text[^1] == ' ' && text[^2] == 'a' && (text.Length == 2 || text[^3] == ' ');
}
