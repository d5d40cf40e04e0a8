using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Runs;

/// <summary>A folder of what was computed, each thing in a file under the hash of all that it was computed from. Several processes may use it at a time.</summary>
/// <param name="directory">The folder; made when something is first kept.</param>
public sealed class ContentStore(string directory)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Gets a thing from the folder, or computes and keeps it.</summary>
    /// <typeparam name="T">Its type, which survives JSON unchanged.</typeparam>
    /// <param name="kind">What it is: the first part of the file's name.</param>
    /// <param name="content">The hash of all that it is computed from; finished here.</param>
    /// <param name="compute">Computes it.</param>
    /// <returns>The thing.</returns>
    /// <exception cref="InputException">The file cannot be read or written.</exception>
    public T GetOrAdd<T>(string kind, ContentHash content, Func<T> compute)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(compute);
        var path = Path.Combine(directory, $"{kind}-{content.Finish()}.json");
        if (File.Exists(path))
        {
            return Read<T>(path);
        }
        var computed = compute();
        SafeDirectory.Create(directory);
        var own = $"{path}.{Guid.NewGuid():N}.tmp";   // another process may be writing the same
        AtomicFile.Write(own, stream => JsonSerializer.Serialize(stream, computed, Options));
        File.Move(own, path, overwrite: true);
        return computed;
    }

    /// <summary>Removes what killed processes left half written. No other process may be using the folder meanwhile.</summary>
    public void RemoveLeftovers()
    {
        foreach (var file in Directory.Exists(directory) ? Directory.GetFiles(directory, "*.tmp") : [])
        {
            File.Delete(file);
        }
    }

    private static T Read<T>(string path)
        where T : class
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Options) ?? throw new JsonException("The file holds null.");
        }
        catch (JsonException exception)
        {
            throw new InputException($"'{path}' was changed from outside: {exception.Message} Remove it, and it is computed again.", exception);
        }
        catch (Exception exception) when (FileErrors.Is(exception))
        {
            throw new InputException($"'{path}' could not be read: {FileErrors.Describe(exception)}", exception);
        }
    }
}
