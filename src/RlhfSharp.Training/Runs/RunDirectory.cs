using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Runs;

/// <summary>The folder of one run while a process works in it: its logs and checkpoints. <see cref="RunLock"/> keeps a second process out.</summary>
public sealed class RunDirectory : IDisposable
{
    private const string RolloutsFile = "rollouts.jsonl";
    private const string GrowingFile = "growing.jsonl";
    private const string Partial = ".partial-";
    private const string Replaced = ".replaced-";

    private readonly OrderedDictionary<string, AppendLog> _logs = [];
    private AppendLog? _growing;

    private RunDirectory(string path)
    {
        Path = path;
        foreach (var name in new[] { "metrics.jsonl", "events.jsonl", "samples.jsonl" })
        {
            _logs.Add(name, new AppendLog(File(name)));
        }
        Timing = new AppendLog(File("timing.jsonl"));
        if (System.IO.File.Exists(File(RolloutsFile)))
        {
            _ = Rollouts;   // so that it is cut back with the others
        }
    }

    /// <summary>Gets the folder.</summary>
    public string Path { get; }

    /// <summary>Gets one line per logged step and evaluation.</summary>
    public AppendLog Metrics => _logs["metrics.jsonl"];

    /// <summary>Gets one line per thing that happened.</summary>
    public AppendLog Events => _logs["events.jsonl"];

    /// <summary>Gets one line per sample that an evaluation wrote.</summary>
    public AppendLog Samples => _logs["samples.jsonl"];

    /// <summary>Gets one line per sample that training drew; the file is made when this is first asked for.</summary>
    public AppendLog Rollouts
    {
        get
        {
            if (!_logs.TryGetValue(RolloutsFile, out var log))
            {
                _logs.Add(RolloutsFile, log = new AppendLog(File(RolloutsFile)));
            }
            return log;
        }
    }

    /// <summary>Gets one line per sample of the round that is being drawn; the file is made when this is first asked for. It is never cut back, apart from a torn last line.</summary>
    public AppendLog Growing
    {
        get
        {
            if (_growing is null)
            {
                _growing = new AppendLog(File(GrowingFile));
                _growing.CutTornLine();
            }
            return _growing;
        }
    }

    /// <summary>Gets what depends on the clock; apart from a torn last line it is never cut back, and it is not part of what resume promises.</summary>
    public AppendLog Timing { get; }

    /// <summary>Gets the length of every log that resume cuts back.</summary>
    public IReadOnlyDictionary<string, long> LogLengths => _logs.ToDictionary(log => log.Key, log => log.Value.Length);

    /// <summary>Gets the folder of checkpoints.</summary>
    public string Checkpoints => File("checkpoints");

    /// <summary>Opens a folder; it is made if it does not exist, and what a killed process left half done is removed.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The open folder.</returns>
    /// <exception cref="InputException">The folder cannot be written to.</exception>
    public static RunDirectory Open(string path)
    {
        SafeDirectory.Create(path);
        SafeDirectory.Create(System.IO.Path.Combine(path, "checkpoints"));
        RemoveLeftovers(path);
        return new RunDirectory(path);
    }

    /// <summary>Names a file or folder of the run.</summary>
    /// <param name="parts">Its path inside the run.</param>
    /// <returns>The path.</returns>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Cuts every log back to a commit; to nothing when there was none.</summary>
    /// <param name="lengths">The lengths at the commit.</param>
    public void CutLogs(IReadOnlyDictionary<string, long>? lengths)
    {
        foreach (var (name, log) in _logs)
        {
            log.CutTo(lengths?.GetValueOrDefault(name) ?? 0);
        }
        Timing.CutTornLine();
    }

    /// <summary>Writes all logs to disk.</summary>
    public void Sync()
    {
        foreach (var log in _logs.Values.Append(Timing))
        {
            log.Sync();
        }
    }

    /// <summary>Replaces a folder by a new one, so that at any moment the old or the new one is there whole.</summary>
    /// <param name="path">The folder, inside the run.</param>
    /// <param name="write">Fills a new, empty folder.</param>
    public static void ReplaceFolder(string path, Action<string> write)
    {
        var (parent, name) = (System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path));
        var (partial, replaced) = (System.IO.Path.Combine(parent, Partial + name), System.IO.Path.Combine(parent, Replaced + name));
        DeleteFolder(partial);
        SafeDirectory.Create(partial);
        try
        {
            write(partial);
        }
        catch
        {
            DeleteFolder(partial);
            throw;
        }
        if (Directory.Exists(path))
        {
            Directory.Move(path, replaced);
        }
        Directory.Move(partial, path);
        DeleteFolder(replaced);
    }

    /// <summary>Removes a folder with all that is in it, so that at any moment it is there whole or not at all.</summary>
    /// <param name="path">The folder, inside the run.</param>
    public static void RemoveFolder(string path)
    {
        var doomed = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, Partial + System.IO.Path.GetFileName(path));
        DeleteFolder(doomed);
        Directory.Move(path, doomed);
        DeleteFolder(doomed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var log in _logs.Values.Append(Timing))
        {
            log.Dispose();
        }
        _growing?.Dispose();
    }

    private static void DeleteFolder(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    // What a killed process left half done.
    private static void RemoveLeftovers(string path)
    {
        foreach (var folder in Directory.GetDirectories(path, Replaced + "*", SearchOption.AllDirectories))
        {
            var original = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(folder)!, System.IO.Path.GetFileName(folder)[Replaced.Length..]);
            if (Directory.Exists(original))
            {
                DeleteFolder(folder);
            }
            else
            {
                Directory.Move(folder, original);
            }
        }
        foreach (var folder in Directory.GetDirectories(path, Partial + "*", SearchOption.AllDirectories))
        {
            DeleteFolder(folder);
        }
        foreach (var file in Directory.GetFiles(path, "*.tmp", SearchOption.AllDirectories))
        {
            System.IO.File.Delete(file);
        }
    }
}
