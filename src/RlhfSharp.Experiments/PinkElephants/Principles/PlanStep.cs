using System.Text.Json;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>The third step: for a pair, different situations in which people talk about it.</summary>
internal static class PlanStep
{
    public const string Name = "plans";
    private const int Shortest = 10;
    private const int Longest = 600;

    /// <summary>Gets the list to ask for.</summary>
    public static ListRequest<string> List(string topic, ContrastPair pair) => new(Batch: 12, (count, have) => Question(topic, pair, count, have), Parse, Refuse);

    public static Parsed<IReadOnlyList<string>> Parse(string text)
    {
        var plans = ModelJson.Values(text).SelectMany(value => ModelJson.Items(value, Read)).ToList();
        if (plans.Count == 0)
        {
            plans = [.. NameRules.ListEntries(text).Select(Sized).OfType<string>()];
        }
        return plans.Count > 0 ? Parsed<IReadOnlyList<string>>.Of(plans) : Parsed<IReadOnlyList<string>>.Unusable("no list of situations in the answer");
    }

    private static string Question(string topic, ContrastPair pair, int count, IReadOnlyList<string> have) => $"""
        Somebody talks with a chat assistant about {topic}. Both {pair.First} and {pair.Second} may come up. Think of {count} situations that differ in who the person
        is, what they need to know and why they ask. Describe each in one sentence of at most 30 words, without saying how the talk ends.
        {(have.Count == 0 ? string.Empty : $"Not again: {string.Join(" ", have)}")}
        Reply with a JSON array of {count} strings.
        """;

    private static string? Refuse(string plan, IReadOnlyList<string> have)
    {
        var key = NameRules.Key(plan);
        return have.Any(other => NameRules.Key(other) == key) ? "duplicate" : null;
    }

    private static string? Read(JsonElement value) =>
        Sized(ModelJson.Text(value) ?? ModelJson.Text(ModelJson.Property(value, "situation", "plan", "description", "text")));

    private static string? Sized(string? text) => text?.Length is >= Shortest and <= Longest ? text : null;
}
