using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli.Commands;

/// <summary>The folder of a demo's run. It is a user's: the demo removes nothing but an earlier demo.</summary>
internal static class DemoFolder
{
    /// <summary>Fails if a demo cannot have a folder.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="overwrite">Whether an earlier demo there may be removed.</param>
    /// <param name="demoName">The name by which an earlier demo is known.</param>
    /// <exception cref="InputException">Something else is there, or an earlier demo that may not be removed.</exception>
    public static void RequireOwn(string directory, bool overwrite, string demoName)
    {
        if (!Directory.Exists(directory) || !Directory.EnumerateFileSystemEntries(directory).Any())
        {
            return;
        }
        if (!overwrite)
        {
            throw new InputException($"'{directory}' exists. Replace an earlier demo by --overwrite, or choose another folder by --run.");
        }
        if (NameOfRun(Path.Combine(directory, "run.json")) != demoName)
        {
            throw new InputException(
                $"'{directory}' holds something other than an earlier demo, so --overwrite does not remove it. Choose another folder by --run.");
        }
    }

    private static string? NameOfRun(string file)
    {
        try
        {
            return (JsonNode.Parse(File.ReadAllText(file)) as JsonObject)?["name"]?.ToString();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}
