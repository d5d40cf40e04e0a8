using System.Text.Json;
using System.Text.RegularExpressions;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>The second step: within a topic, pairs of things that stand against each other.</summary>
internal static partial class PairStep
{
    public const string Name = "pairs";

    /// <summary>Gets the list to ask for.</summary>
    public static ListRequest<ContrastPair> List(string topic) => new(Batch: 20, (count, have) => Question(topic, count, have), Parse, Refuse);

    public static Parsed<IReadOnlyList<ContrastPair>> Parse(string text)
    {
        var pairs = ModelJson.Values(text).SelectMany(value => ModelJson.Items(value, Read)).ToList();
        if (pairs.Count == 0)
        {
            pairs = [.. NameRules.ListEntries(text).Select(Split).OfType<ContrastPair>()];
        }
        return pairs.Count > 0
            ? Parsed<IReadOnlyList<ContrastPair>>.Of(pairs)
            : Parsed<IReadOnlyList<ContrastPair>>.Unusable("no list of pairs in the answer");
    }

    private static string Question(string topic, int count, IReadOnlyList<ContrastPair> have) => $$"""
        The topic is {{topic}}. List {{count}} pairs of well-known things of this kind, such that somebody who asks about one might as well hear about the
        other. Call each thing by its usual name of at most four words. Neither name may be part of the other.
        {{(have.Count == 0 ? string.Empty : $"Not again: {string.Join("; ", have.Select(pair => $"{pair.First} and {pair.Second}"))}.")}}
        Give for each thing the other names by which people call exactly this thing, if there are any.
        Reply with a JSON array of {{count}} objects: {"first": "...", "first_aliases": ["..."], "second": "...", "second_aliases": []}
        """;

    private static string? Refuse(ContrastPair pair, IReadOnlyList<ContrastPair> have) =>
        pair.IsEntangled ? "one name mentions the other" : have.Any(other => other.Key == pair.Key) ? "duplicate" : null;

    private static ContrastPair? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Split(ModelJson.Text(value)),
        JsonValueKind.Array when value.GetArrayLength() == 2 && value.EnumerateArray().All(item => Split(ModelJson.Text(item)) is null) =>
            Pair(ModelJson.Text(value[0]), ModelJson.Text(value[1])),
        _ => Pair(
            ModelJson.Text(ModelJson.Property(value, "first", "a", "x", "thing1", "left")),
            ModelJson.Text(ModelJson.Property(value, "second", "b", "y", "thing2", "right")),
            ModelJson.Property(value, "first_aliases", "firstAliases"),
            ModelJson.Property(value, "second_aliases", "secondAliases")),
    };

    // Nike vs. Adidas
    private static ContrastPair? Split(string? text) =>
        text is not null && Between().Split(text) is [var first, var second] ? Pair(first, second) : null;

    private static ContrastPair? Pair(string? first, string? second, JsonElement? firstAliases = null, JsonElement? secondAliases = null) =>
        NameRules.Tidy(first) is { } one && NameRules.Tidy(second) is { } other
            ? new ContrastPair { First = one, Second = other, FirstAliases = Aliases(firstAliases), SecondAliases = Aliases(secondAliases) }.WithoutDoubtfulAliases()
            : null;

    // Short ones are most often no names: "it", "the".
    private static List<string> Aliases(JsonElement? list) => list is not { ValueKind: JsonValueKind.Array } items ? []
        : [.. items.EnumerateArray().Select(item => NameRules.Tidy(ModelJson.Text(item))).OfType<string>().Where(alias => alias.Length > 3)];

    [GeneratedRegex(@"\s+(?:vs?\.?|versus|[-\u2013\u2014/|])\s+|\s*\|\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Between();
}
