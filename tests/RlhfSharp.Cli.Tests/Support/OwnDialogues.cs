using System.Text.Json.Nodes;

namespace RlhfSharp.Cli.Tests.Support;

/// <summary>A folder of pink-elephant dialogues that is not of the built-in world: one row in each part.</summary>
internal static class OwnDialogues
{
    public const string Avoid = "snail";

    /// <summary>Gets what may be spoken of, by part.</summary>
    public static IReadOnlyDictionary<string, string> Prefer { get; } =
        new Dictionary<string, string> { ["train"] = "oyster", ["validation"] = "mussel", ["evaluation"] = "squid" };

    /// <summary>Writes it.</summary>
    /// <returns>Its path.</returns>
    public static string Write(TemporaryFolder folder)
    {
        var directory = folder.File("own");
        Directory.CreateDirectory(directory);
        foreach (var (part, prefer) in Prefer)
        {
            File.WriteAllText(Path.Combine(directory, $"{part}.jsonl"), new JsonObject
            {
                ["id"] = part,
                ["topic"] = "molluscs",
                ["avoid"] = Avoid,
                ["prefer"] = prefer,
                ["instruction"] = "avoid",
                ["prompt"] = new JsonArray(Turn("user", "What is slow?")),
                ["chosen"] = new JsonArray(Turn("assistant", $"The {prefer}.")),
                ["rejected"] = new JsonArray(Turn("assistant", $"The {Avoid}.")),
            }.ToJsonString() + "\n");
        }
        return directory;
    }

    private static JsonObject Turn(string role, string content) => new() { ["role"] = role, ["content"] = content };
}
