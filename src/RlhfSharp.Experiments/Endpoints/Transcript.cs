using System.Text.Encodings.Web;
using System.Text.Json;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Every answer that was ever paid for, in the order of arrival: a file of JSON lines that only grows. What stands there is not asked again.</summary>
internal sealed class Transcript : IDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // people read this file, no browser does
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Id, string Hash), TranscriptEntry> _entries = [];
    private readonly AppendLog _log;

    /// <summary>Opens a transcript; the file is made if it does not exist, and a line that a killed process left half written is cut off.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be written to, or a line of it is no entry.</exception>
    public Transcript(string path)
    {
        Path = path;
        using (var log = new AppendLog(path))
        {
            log.CutTornLine();
        }
        if (new FileInfo(path).Length > 0)
        {
            foreach (var row in RowReader.Read(path))
            {
                var entry = Parse(row);
                _entries[(entry.Id, entry.Hash)] = entry;
            }
        }
        _log = new AppendLog(path);
    }

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Finds what was answered to a request before; null if nothing was.</summary>
    public TranscriptEntry? Find(string id, string hash)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault((id, hash));
        }
    }

    /// <summary>Records an answer; it is on disk when this returns.</summary>
    public void Append(TranscriptEntry entry)
    {
        var line = JsonSerializer.Serialize(entry, Format);
        lock (_lock)
        {
            _log.Append(line);
            _log.Sync();
            _entries[(entry.Id, entry.Hash)] = entry;
        }
    }

    public void Dispose() => _log.Dispose();

    private static TranscriptEntry Parse(DataRow row)
    {
        try
        {
            return row.Values.Deserialize<TranscriptEntry>(Format)!;
        }
        catch (JsonException exception)
        {
            throw new InputException($"{row.Source}: is no entry of a transcript: {exception.Message} Remove the line to have it asked again.", exception);
        }
    }
}
