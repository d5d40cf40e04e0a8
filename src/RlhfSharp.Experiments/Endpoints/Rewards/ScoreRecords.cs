using System.Text.Json;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>Every score that a server gave, in the order of arrival: a file of JSON lines that only grows. What stands there is not asked again.</summary>
internal sealed class ScoreRecords : IDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, double> _scores = new(StringComparer.Ordinal);
    private readonly AppendLog _log;

    /// <summary>Opens the file; it is made if it does not exist, and a line that a killed process left half written is cut off.</summary>
    /// <exception cref="InputException">The file cannot be written to, or a line of it is no score.</exception>
    public ScoreRecords(string path)
    {
        using (var log = new AppendLog(path))
        {
            log.CutTornLine();
        }
        if (new FileInfo(path).Length > 0)
        {
            foreach (var record in RowReader.Read(path).Select(Parse))
            {
                _scores[record.Hash] = record.Score;
            }
        }
        _log = new AppendLog(path);
    }

    /// <summary>Finds a score; null if there is none.</summary>
    public double? Find(string hash)
    {
        lock (_lock)
        {
            return _scores.TryGetValue(hash, out var score) ? score : null;
        }
    }

    /// <summary>Records scores; they are on disk when this returns.</summary>
    public void Append(IEnumerable<ScoreRecord> records)
    {
        lock (_lock)
        {
            foreach (var record in records)
            {
                _log.Append(JsonSerializer.Serialize(record, Format));
                _scores[record.Hash] = record.Score;
            }
            _log.Sync();
        }
    }

    public void Dispose() => _log.Dispose();

    private static ScoreRecord Parse(DataRow row)
    {
        try
        {
            return row.Values.Deserialize<ScoreRecord>(Format)!;
        }
        catch (JsonException exception)
        {
            throw new InputException($"{row.Source}: is no score of an earlier run: {exception.Message} Remove the line to have it asked again.", exception);
        }
    }
}
