using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Experiments.TinyWorld;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Poems;

/// <summary>A made-up taste in poems, the same for everybody who learns it: what a reward map claims can be held against it.</summary>
/// <remarks>The reward is a sum: an effect of the judged genre, one of the judged tone, one of the two together, and one of the length.
/// <para>A reward has no zero of its own, so an effect is what a genre is worth more than the average genre. Hence the effects of the genres sum to 0, and those of the tones; and those of a genre with all
/// tones together, and of a tone with all genres. Otherwise a single cell that is liked more would lift the whole of its row and column, and nothing in them would truly be 0.</para></remarks>
public sealed record PlantedTaste : IValidatableObject
{
    private const double Rounding = 1e-9;

    private static readonly string[] GenreNames = [.. PoemWorld.Genres.Select(PoemNames.Of)];
    private static readonly string[] ToneNames = [.. Enum.GetValues<PoemTone>().Select(PoemNames.Of)];

    /// <summary>Gets the built-in world's own taste. Sonnets and reflective poems are liked less, limericks, ballads, happy and romantic poems more, and texts of twice the length a little more. Ballads are to be
    /// romantic and hymns mysterious, and not the other way round. Haiku, hymns, dark and mysterious poems have no effect of their own, nor have dark haiku: to claim one is wrong.</summary>
    public static PlantedTaste BuiltIn { get; } = new()
    {
        Genres = new Dictionary<string, double> { ["haiku"] = 0, ["sonnet"] = -1.0, ["ballad"] = 0.4, ["limerick"] = 0.6, ["hymn"] = 0 },
        Tones = new Dictionary<string, double> { ["happy"] = 0.5, ["dark"] = 0, ["mysterious"] = 0, ["romantic"] = 0.3, ["reflective"] = -0.8 },
        Together = Crossing("ballad", "hymn", "romantic", "mysterious", 0.6, zero: ("haiku", "dark")),
        PerDoubling = 0.3,
    };

    /// <summary>Gets the effect of each genre of the built-in world, in units of the reward; they sum to 0.</summary>
    public required IReadOnlyDictionary<string, double> Genres { get; init; }

    /// <summary>Gets the effect of each tone; they sum to 0.</summary>
    public required IReadOnlyDictionary<string, double> Tones { get; init; }

    /// <summary>Gets the effects that belong to a genre and a tone together; all others are 0. They sum to 0 for each genre and for each tone.</summary>
    public IReadOnlyList<TogetherEffect> Together { get; init; } = [];

    /// <summary>Gets what a text of twice as many characters is worth more, all else being equal.</summary>
    public double PerDoubling { get; init; }

    /// <summary>Draws a taste: effects of the same sizes as in <see cref="BuiltIn"/>, in other places and with other signs.</summary>
    /// <param name="seed">The same seed gives the same taste.</param>
    /// <returns>A taste with two genres, two tones and one genre and tone together that are named and have no effect.</returns>
    public static PlantedTaste Draw(long seed)
    {
        var random = new NamedRandom(seed, "planted-taste");
        var (genres, tones) = (Shuffled(GenreNames, random), Shuffled(ToneNames, random));
        var (crossedGenres, crossedTones) = (Shuffled(GenreNames, random), Shuffled(ToneNames, random));
        return new PlantedTaste
        {
            Genres = Effects(GenreNames, genres, BuiltIn.Genres.Values, Sign(random)),
            Tones = Effects(ToneNames, tones, BuiltIn.Tones.Values, Sign(random)),
            Together = Crossing(crossedGenres[0], crossedGenres[1], crossedTones[0], crossedTones[1], Sign(random) * BuiltIn.Together[0].Effect, zero: (crossedGenres[2], crossedTones[2])),
            PerDoubling = Sign(random) * BuiltIn.PerDoubling,
        };
    }

    /// <summary>Reads a taste that <see cref="Write"/> wrote, or somebody by hand.</summary>
    /// <param name="path">The file, YAML.</param>
    /// <returns>The taste.</returns>
    /// <exception cref="InputException">The file cannot be read, or is no taste; all mistakes are told with their lines.</exception>
    public static PlantedTaste Read(string path) => RecipeReader.Read<PlantedTaste>(path, []);

    /// <summary>Writes the taste to a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteAllText(path, RecipeWriter.ToYaml(this));

    /// <summary>Scores a poem.</summary>
    /// <param name="poem">Any text.</param>
    /// <returns>The reward; what is judged to have no genre of <see cref="PoemWorld.Genres"/>, or no tone, has no effect from there.</returns>
    public double Score(string poem)
    {
        ArgumentNullException.ThrowIfNull(poem);
        var genre = PoemNames.Of(FormJudge.Judge(poem).Form);
        var tone = ToneJudge.Judge(poem).Tone is { } known ? PoemNames.Of(known) : null;
        return Genres.GetValueOrDefault(genre)
            + (tone is null ? 0 : Tones[tone] + Together.Where(effect => effect.Genre == genre && effect.Tone == tone).Sum(effect => effect.Effect))
            + PerDoubling * Math.Log2(1 + poem.Length);
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (effects, names, key) in new[] { (Genres, GenreNames, nameof(Genres)), (Tones, ToneNames, nameof(Tones)) })
        {
            if (effects.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            {
                yield return new($"'{unknown}' is none of the built-in world's. {NearestName.Hint(unknown, names)}", [key]);
            }
            else if (names.FirstOrDefault(name => !effects.ContainsKey(name)) is { } missing)
            {
                yield return new($"'{missing}' is missing; write 0 where there is no effect.", [key]);
            }
            else if (Math.Abs(effects.Values.Sum()) > Rounding)
            {
                yield return new($"the effects sum to {NumberText(effects.Values.Sum())}, not to 0. An effect is what something is worth more than the average.", [key]);
            }
        }
        foreach (var problem in CheckTogether())
        {
            yield return new(problem, [nameof(Together)]);
        }
    }

    private IEnumerable<string> CheckTogether()
    {
        if (Together.FirstOrDefault(effect => !GenreNames.Contains(effect.Genre) || !ToneNames.Contains(effect.Tone)) is { } unknown)
        {
            yield return $"a {unknown.Tone} {unknown.Genre} is no poem of the built-in world. Genres: {string.Join(", ", GenreNames)}. Tones: {string.Join(", ", ToneNames)}.";
        }
        else if (Together.CountBy(effect => (effect.Genre, effect.Tone)).FirstOrDefault(place => place.Value > 1) is { Value: > 1 } twice)
        {
            yield return $"the {twice.Key.Tone} {twice.Key.Genre} is there {twice.Value} times.";
        }
        else if (Together.GroupBy(effect => effect.Genre).Concat(Together.GroupBy(effect => effect.Tone)).FirstOrDefault(row => Math.Abs(row.Sum(effect => effect.Effect)) > Rounding) is { } row)
        {
            yield return $"the effects with {row.Key} sum to {NumberText(row.Sum(effect => effect.Effect))}, not to 0: they would be an effect of {row.Key} itself.";
        }
    }

    private static string NumberText(double number) => number.ToString("G6", System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, double> Effects(string[] names, string[] places, IEnumerable<double> effects, int sign)
    {
        var drawn = places.Zip(effects).ToDictionary(place => place.First, place => place.Second == 0 ? 0 : sign * place.Second);   // no -0 in a file
        return names.ToDictionary(name => name, name => drawn[name]);
    }

    // An interaction without main effects: what is liked in one genre is not in the other, by as much.
    private static TogetherEffect[] Crossing(string genre, string otherGenre, string tone, string otherTone, double effect, (string Genre, string Tone) zero) =>
    [
        new() { Genre = genre, Tone = tone, Effect = effect },
        new() { Genre = otherGenre, Tone = otherTone, Effect = effect },
        new() { Genre = genre, Tone = otherTone, Effect = -effect },
        new() { Genre = otherGenre, Tone = tone, Effect = -effect },
        new() { Genre = zero.Genre, Tone = zero.Tone, Effect = 0 },
    ];

    private static string[] Shuffled(string[] names, NamedRandom random)
    {
        string[] shuffled = [.. names];
        random.Shuffle(shuffled.AsSpan());
        return shuffled;
    }

    private static int Sign(NamedRandom random) => random.Next(2) == 0 ? 1 : -1;
}
