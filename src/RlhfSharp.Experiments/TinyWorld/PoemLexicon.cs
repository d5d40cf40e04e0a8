using System.Reflection;
using System.Text.Json;
using RlhfSharp.Experiments.Poems;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>The words of the built-in world's poems, written for this project.</summary>
/// <param name="Subjects">What a poem may be about; rewriting keeps it.</param>
/// <param name="Persons">Whom limericks are about.</param>
/// <param name="Neutral">Words of no tone.</param>
/// <param name="Tones">Words of each tone; none occurs in two of them.</param>
/// <param name="Rhymes">Nouns for the ends of lines: those of one list rhyme.</param>
internal sealed record PoemLexicon(
    IReadOnlyList<string> Subjects,
    IReadOnlyList<string> Persons,
    WordFamily Neutral,
    IReadOnlyDictionary<PoemTone, WordFamily> Tones,
    IReadOnlyList<IReadOnlyList<string>> Rhymes)
{
    private static readonly Lazy<PoemLexicon> Fixed = new(Read);

    /// <summary>Gets the one lexicon there is.</summary>
    public static PoemLexicon Instance => Fixed.Value;

    private static PoemLexicon Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("tiny-world/poem-lexicon.json")!;
        var file = JsonSerializer.Deserialize<PoemLexiconFile>(stream, JsonSerializerOptions.Web)!;
        return new PoemLexicon(
            file.Subjects, file.Persons, file.Neutral, file.Tones.ToDictionary(tone => Enum.Parse<PoemTone>(tone.Key, ignoreCase: true), tone => tone.Value), file.Rhymes);
    }

    private sealed record PoemLexiconFile(
        IReadOnlyList<string> Subjects,
        IReadOnlyList<string> Persons,
        WordFamily Neutral,
        IReadOnlyDictionary<string, WordFamily> Tones,
        IReadOnlyList<IReadOnlyList<string>> Rhymes);
}
