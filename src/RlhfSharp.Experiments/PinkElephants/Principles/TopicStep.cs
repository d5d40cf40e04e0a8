using System.Text.Json;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>The first step: topics within which people weigh one thing against another.</summary>
internal static class TopicStep
{
    public const string Name = "topics";

    /// <summary>Gets the list to ask for.</summary>
    public static ListRequest<string> List { get; } = new(Batch: 30, Question, Parse, Refuse);

    public static Parsed<IReadOnlyList<string>> Parse(string text)
    {
        var topics = ModelJson.Values(text).SelectMany(value => ModelJson.Items(value, Read)).ToList();
        if (topics.Count == 0)
        {
            topics = [.. NameRules.ListEntries(text).Select(NameRules.Tidy).OfType<string>()];
        }
        return topics.Count > 0 ? Parsed<IReadOnlyList<string>>.Of(topics) : Parsed<IReadOnlyList<string>>.Unusable("no list of topics in the answer");
    }

    private static string Question(int count, IReadOnlyList<string> have) => $"""
        List {count} different topics of everyday talk. A topic is a kind of thing of which people know many by name and choose between them:
        brands, dishes, places, sports, books, tools, animals and the like. Write each as a plural noun of one to four words.
        {(have.Count == 0 ? string.Empty : $"Not again: {string.Join("; ", have)}.")}
        Reply with a JSON array of {count} strings.
        """;

    private static string? Refuse(string topic, IReadOnlyList<string> have)
    {
        var key = NameRules.Key(topic);
        return have.Any(other => NameRules.Key(other) == key) ? "duplicate" : null;
    }

    private static string? Read(JsonElement value) =>
        NameRules.Tidy(ModelJson.Text(value) ?? ModelJson.Text(ModelJson.Property(value, "topic", "name", "title")));
}
