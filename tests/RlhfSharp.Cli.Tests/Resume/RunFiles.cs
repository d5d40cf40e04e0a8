using System.Text.Json.Nodes;

namespace RlhfSharp.Cli.Tests.Resume;

/// <summary>Compares runs byte by byte, except for what may depend on the clock.</summary>
internal static class RunFiles
{
    private static readonly string[] ClockFiles = ["timing.jsonl", "report.html"];
    private static readonly string[] ClockFacts = ["started", "finished", "seconds"];

    /// <summary>Fails unless two runs consist of the same files with the same content.</summary>
    public static void AssertEqual(string expected, string actual)
    {
        var (expectedFiles, actualFiles) = (List(expected), List(actual));
        Assert.Equal(expectedFiles, actualFiles);
        foreach (var file in expectedFiles)
        {
            var (left, right) = (Read(expected, file), Read(actual, file));
            Assert.True(left.AsSpan().SequenceEqual(right), $"{file} differs from byte {left.AsSpan().CommonPrefixLength(right)} of {left.Length} and {right.Length}.");
        }
    }

    private static List<string> List(string run) =>
    [
        .. Directory.GetFiles(run, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => Path.GetRelativePath(run, file))
            .Where(file => !ClockFiles.Contains(Path.GetFileName(file)) && !file.Split(Path.DirectorySeparatorChar).Contains("tensorboard"))
            .Order(StringComparer.Ordinal),
    ];

    private static byte[] Read(string run, string file)
    {
        var bytes = File.ReadAllBytes(Path.Combine(run, file));
        if (file != "run.json")
        {
            return bytes;
        }
        var facts = JsonNode.Parse(bytes)!.AsObject();
        foreach (var fact in ClockFacts)
        {
            Assert.True(facts.Remove(fact), $"run.json has no '{fact}'.");
        }
        return System.Text.Encoding.UTF8.GetBytes(facts.ToJsonString());
    }
}
