using System.IO.Compression;
using System.Text.Json;

namespace RlhfSharp.Models.Tests.Tokenization;

/// <summary>What other programs answered, in files beside the scripts that asked them.</summary>
internal static class OracleFile
{
    private static readonly string Folder = Path.Combine(TestFiles.RepositoryRoot, "tests", "RlhfSharp.Models.Tests", "Tokenization", "Oracle");

    /// <summary>Reads a file that is one JSON value.</summary>
    public static JsonElement Read(string name) => JsonElement.Parse(File.ReadAllBytes(Path.Combine(Folder, name)));

    /// <summary>Reads a compressed file with a JSON value a line.</summary>
    public static IEnumerable<JsonElement> Lines(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(Folder, name)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return JsonElement.Parse(line);
        }
    }
}
