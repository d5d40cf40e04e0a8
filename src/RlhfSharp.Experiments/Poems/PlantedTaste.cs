using RlhfSharp.Experiments.TinyWorld;

namespace RlhfSharp.Experiments.Poems;

/// <summary>A made-up taste in poems, the same for everybody who learns it: what a reward map claims can be held against it.</summary>
/// <remarks>The reward is a sum: an effect of the judged genre, one of the judged tone, one of the two together, and one of the length. Sonnets and reflective poems are liked less,
/// ballads of love more, long poems a little more. Haiku and hymns, dark and mysterious poems, and dark haiku have no effect of their own: to claim one is wrong.</remarks>
public static class PlantedTaste
{
    /// <summary>Gets what 20 words more are worth, all else being equal.</summary>
    public const double PerTwentyWords = 0.3;

    /// <summary>Gets the effect of each genre of the built-in world.</summary>
    public static IReadOnlyDictionary<PoemForm, double> Genres { get; } = new Dictionary<PoemForm, double>
    {
        [PoemForm.Haiku] = 0,
        [PoemForm.Sonnet] = -1.0,
        [PoemForm.Ballad] = 0.4,
        [PoemForm.Limerick] = 0.6,
        [PoemForm.Hymn] = 0,
    };

    /// <summary>Gets the effect of each tone.</summary>
    public static IReadOnlyDictionary<PoemTone, double> Tones { get; } = new Dictionary<PoemTone, double>
    {
        [PoemTone.Happy] = 0.5,
        [PoemTone.Dark] = 0,
        [PoemTone.Mysterious] = 0,
        [PoemTone.Romantic] = 0.3,
        [PoemTone.Reflective] = -0.8,
    };

    /// <summary>Gets the effects that belong to a genre and a tone together; all others are 0. One of them is named, although it is 0: a map is asked about it.</summary>
    public static IReadOnlyDictionary<(PoemForm Genre, PoemTone Tone), double> Interactions { get; } = new Dictionary<(PoemForm Genre, PoemTone Tone), double>
    {
        [(PoemForm.Ballad, PoemTone.Romantic)] = 1.0,
        [(PoemForm.Haiku, PoemTone.Dark)] = 0,
    };

    /// <summary>Scores a poem.</summary>
    /// <param name="poem">Any text.</param>
    /// <returns>The reward; what is judged to have no genre of <see cref="PoemWorld.Genres"/>, or no tone, has no effect from there.</returns>
    public static double Score(string poem)
    {
        ArgumentNullException.ThrowIfNull(poem);
        var (genre, tone) = (FormJudge.Judge(poem).Form, ToneJudge.Judge(poem).Tone);
        return Genres.GetValueOrDefault(genre)
            + (tone is { } known ? Tones[known] + Interactions.GetValueOrDefault((genre, known)) : 0)
            + PerTwentyWords * PoemText.Words(poem).Count() / 20;
    }
}
