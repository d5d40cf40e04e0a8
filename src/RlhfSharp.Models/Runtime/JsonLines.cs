using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Models.Runtime;

/// <summary>Files of JSON objects, one per line.</summary>
public static class JsonLines
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };   // no browser reads these

    /// <summary>Writes a file as a whole: at any moment the old one or the new one is there.</summary>
    /// <param name="path">The file; its folder is made if it does not exist.</param>
    /// <param name="rows">The objects; enumerated once.</param>
    /// <param name="onRow">Called after each row; may be null. What it throws leaves the old file.</param>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<JsonObject> rows, Action? onRow = null)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            SafeDirectory.Create(folder);
        }
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            foreach (var row in rows)
            {
                writer.WriteLine(row.ToJsonString(Format));
                onRow?.Invoke();
            }
        });
    }
}
