using RlhfSharp.Experiments.Poems;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Holds what a map claims against what is planted in its reward.</summary>
/// <remarks>A claim is a deviation from the average that holds together with all others of its family, texts of equal length: what a genre is worth besides being long. Where a map cannot compare all labels
/// of an axis, it says nothing about any of them, for what is planted is relative to the average of all.</remarks>
internal sealed class PlantedCheck
{
    public const string GenreAxis = "genre";
    public const string ToneAxis = "tone";
    private const string Others = "others";

    private readonly List<MapDeviation> _others;   // cells of which the taste says nothing: their effect is 0 too

    private PlantedCheck(IReadOnlyList<PlantedEffect> effects, List<MapDeviation> others) => (Effects, _others) = (effects, others);

    /// <summary>Gets the effects that the taste names, those of 0 among them.</summary>
    public IReadOnlyList<PlantedEffect> Effects { get; }

    /// <summary>Compares.</summary>
    /// <param name="taste">What is planted.</param>
    /// <param name="found">What the map says of texts of equal length.</param>
    public static PlantedCheck Of(PlantedTaste taste, MapDeviations found)
    {
        var (genres, tones) = (Whole(found.Labels, taste.Genres.Keys.Select(genre => MapDeviation.NameOf(GenreAxis, genre))), Whole(found.Labels, taste.Tones.Keys.Select(tone => MapDeviation.NameOf(ToneAxis, tone))));
        var cells = Whole(found.Together, from genre in taste.Genres.Keys from tone in taste.Tones.Keys select Together(genre, tone));
        PlantedEffect Effect(string name, double planted, Dictionary<string, MapDeviation> among) => new(name, planted, among.GetValueOrDefault(name));
        List<PlantedEffect> effects =
        [
            .. taste.Genres.Select(genre => Effect(MapDeviation.NameOf(GenreAxis, genre.Key), genre.Value, genres)),
            .. taste.Tones.Select(tone => Effect(MapDeviation.NameOf(ToneAxis, tone.Key), tone.Value, tones)),
            .. taste.Together.Select(effect => Effect(Together(effect.Genre, effect.Tone), effect.Effect, cells)),
            new(MapDeviation.Length, taste.PerDoubling, found.Length),
        ];
        return new PlantedCheck(effects, [.. cells.Values.Where(cell => effects.All(effect => effect.Name != cell.Name))]);
    }

    /// <summary>Makes the metrics <c>recovered/EFFECT</c> and <c>false/EFFECT</c>, 1 or 0, and the shares <c>recovered</c> and <c>false</c>.</summary>
    /// <remarks>Cells of which the taste says nothing count once, together: <c>false/genre+tone/others</c> is 1 where an effect is claimed in any of them.</remarks>
    public IEnumerable<(string Name, double Value)> Metrics()
    {
        List<(string Name, double Value)> recovered = [.. Effects.Where(effect => effect.Planted != 0).Select(effect => ($"recovered/{effect.Name}", effect.IsRecovered ? 1.0 : 0.0))];
        List<(string Name, double Value)> claimed =
        [
            .. Effects.Where(effect => effect.Planted == 0).Select(effect => ($"false/{effect.Name}", effect.IsClaimed ? 1.0 : 0.0)),
            ($"false/{GenreAxis}+{ToneAxis}/{Others}", _others.Any(cell => cell.Holds) ? 1.0 : 0.0),
        ];
        return [.. recovered, .. claimed, .. recovered.Count > 0 ? [("recovered", recovered.Average(one => one.Value))] : Array.Empty<(string, double)>(), ("false", claimed.Average(one => one.Value))];
    }

    /// <summary>Says in a sentence how much was recovered in all searches.</summary>
    public static string Conclusion(IReadOnlyList<PlantedCheck> seeds)
    {
        var metrics = seeds.SelectMany(seed => seed.Metrics()).ToList();
        var (recovered, claimed) = (metrics.Where(metric => metric.Name.StartsWith("recovered/", StringComparison.Ordinal)).ToList(), metrics.Where(metric => metric.Name.StartsWith("false/", StringComparison.Ordinal)).ToList());
        return $"planted: {recovered.Count(one => one.Value > 0)} of {recovered.Count} effects found, {claimed.Count(one => one.Value > 0)} of {claimed.Count} claimed where there is none";
    }

    private static string Together(string genre, string tone) => MapDeviation.NameOf(GenreAxis, ToneAxis, genre, tone);

    private static Dictionary<string, MapDeviation> Whole(IEnumerable<MapDeviation> found, IEnumerable<string> names)
    {
        var known = found.ToDictionary(one => one.Name);
        List<string> wanted = [.. names];
        return wanted.All(known.ContainsKey) ? wanted.ToDictionary(name => name, name => known[name]) : [];
    }
}
