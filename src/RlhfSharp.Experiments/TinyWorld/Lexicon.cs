using System.Reflection;
using System.Text.Json;

namespace RlhfSharp.Experiments.TinyWorld;

/// <summary>The words of the built-in world: 20 topics of 22 things each, written for this project.</summary>
public static class Lexicon
{
    private static readonly Lazy<IReadOnlyList<WorldTopic>> All = new(Read);

    /// <summary>Gets the topics, in a fixed order.</summary>
    public static IReadOnlyList<WorldTopic> Topics => All.Value;

    private static IReadOnlyList<WorldTopic> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("tiny-world/lexicon.json")!;
        return JsonSerializer.Deserialize<LexiconFile>(stream, JsonSerializerOptions.Web)!.Topics;
    }

    private sealed record LexiconFile(IReadOnlyList<WorldTopic> Topics);
}
