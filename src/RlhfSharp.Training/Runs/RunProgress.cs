using System.Text.Json;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Runs;

/// <summary>How far a run has come: the content of <c>progress.json</c>, which is replaced at each commit.</summary>
/// <param name="Phase">Index of the phase.</param>
/// <param name="Unit">Index of the phase's next unit.</param>
/// <param name="State">What the phase needs to go on.</param>
/// <param name="LogLengths">The length of each log at the commit.</param>
public sealed record RunProgress(int Phase, int Unit, JsonObject? State, IReadOnlyDictionary<string, long> LogLengths)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "progress.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Reads the progress of a run.</summary>
    /// <param name="directory">The run's folder.</param>
    /// <returns>The progress; null when nothing was committed yet.</returns>
    /// <exception cref="InputException">The file is broken.</exception>
    public static RunProgress? Read(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<RunProgress>(File.ReadAllText(path), Format) : null;
        }
        catch (JsonException exception)
        {
            throw new InputException($"'{path}' is not valid: {exception.Message}", exception);
        }
    }

    /// <summary>Replaces the file.</summary>
    /// <param name="directory">The run's folder.</param>
    public void Write(string directory) => AtomicFile.WriteAllText(Path.Combine(directory, FileName), JsonSerializer.Serialize(this, Format) + "\n");
}
