using System.Text;
using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>A sentence with slots in braces, which can be written and recognised.</summary>
/// <remarks>Slots: <c>entity</c>, <c>avoid</c>, <c>prefer</c>, <c>noun</c>, <c>topic</c>, <c>quality</c>, <c>second</c> (another quality),
/// <c>a-quality</c> (with its article), <c>occasion</c>, <c>place</c>.</remarks>
internal sealed class Phrase
{
    // Literal text at even places, slots at odd ones.
    private readonly string[] _parts;

    private Phrase(string template) => _parts = template.Split('{', '}');

    public static implicit operator Phrase(string template) => new(template);

    /// <summary>Writes the sentence.</summary>
    public string Write(PhraseWords words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < _parts.Length; i++)
        {
            text.Append(i % 2 == 0 ? _parts[i] : Fill(_parts[i], words));
        }
        return text.ToString();
    }

    /// <summary>Gets the regular expression of every sentence that can be written about a topic.</summary>
    public string Pattern(WorldTopic topic)
    {
        var pattern = new StringBuilder();
        for (var i = 0; i < _parts.Length; i++)
        {
            pattern.Append(i % 2 == 0 ? Regex.Escape(_parts[i]) : $"(?:{string.Join('|', Fillings(_parts[i], topic).Select(Regex.Escape))})");
        }
        return pattern.ToString();
    }

    private static string Fill(string slot, PhraseWords words) => slot switch
    {
        "entity" => words.Topic.Named(words.Entity),
        "avoid" => words.Topic.Named(words.Avoid),
        "prefer" => words.Topic.Named(words.Prefer),
        "noun" => words.Topic.Noun,
        "topic" => words.Topic.Name,
        "quality" => words.Quality,
        "second" => words.Second,
        "a-quality" => WithArticle(words.Quality),
        "occasion" => words.Occasion,
        "place" => words.Place,
        _ => throw new ArgumentException($"A phrase has no slot '{slot}'.", nameof(slot)),
    };

    private static IEnumerable<string> Fillings(string slot, WorldTopic topic) => slot switch
    {
        "entity" or "avoid" or "prefer" => topic.Entities.Select(topic.Named),
        "noun" => [topic.Noun],
        "topic" => [topic.Name],
        "quality" or "second" => topic.Qualities,
        "a-quality" => topic.Qualities.Select(WithArticle),
        "occasion" => topic.Occasions,
        "place" => topic.Places,
        _ => throw new ArgumentException($"A phrase has no slot '{slot}'.", nameof(slot)),
    };

    private static string WithArticle(string word) => "aeiou".Contains(word[0], StringComparison.Ordinal) ? $"an {word}" : $"a {word}";
}
