using System.Text;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Runs;

/// <summary>A file of lines that only grows. What is written counts once it is synced, which happens at commits.</summary>
public sealed class AppendLog : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;

    /// <summary>Opens a log for appending; the file is made if it does not exist.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be written to.</exception>
    public AppendLog(string path)
    {
        _path = path;
        _stream = Guard(() => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        _stream.Position = _stream.Length;
    }

    /// <summary>Gets the number of bytes.</summary>
    public long Length => _stream.Position;

    /// <summary>Appends a line.</summary>
    /// <param name="line">The line, without a line break.</param>
    public void Append(string line) => Guard(() =>
    {
        _stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
        return 0;
    });

    /// <summary>Reads all lines.</summary>
    /// <returns>The lines, without their line breaks.</returns>
    public IReadOnlyList<string> ReadLines() => Guard<IReadOnlyList<string>>(() =>
    {
        _stream.Flush();
        _stream.Position = 0;
        using var reader = new StreamReader(_stream, Encoding.UTF8, leaveOpen: true);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }
        _stream.Position = _stream.Length;
        return lines;
    });

    /// <summary>Writes everything to disk.</summary>
    public void Sync() => Guard(() =>
    {
        _stream.Flush(flushToDisk: true);
        return 0;
    });

    /// <summary>Cuts off what was written after a commit, torn lines included.</summary>
    /// <param name="length">The length at the commit.</param>
    /// <exception cref="InputException">The file is shorter: somebody else changed it.</exception>
    public void CutTo(long length)
    {
        if (_stream.Length < length)
        {
            throw new InputException($"'{_path}' has {_stream.Length} bytes; the run's last commit says {length}. The file was changed from outside.");
        }
        Cut(length);
    }

    /// <summary>Cuts off the last line if a killed process did not get to its end.</summary>
    public void CutTornLine() => Cut(Guard(() =>
    {
        for (var end = _stream.Length; end > 0; end--)
        {
            _stream.Position = end - 1;
            if (_stream.ReadByte() == '\n')
            {
                return end;
            }
        }
        return 0L;
    }));

    /// <inheritdoc/>
    public void Dispose() => Guard(() =>
    {
        _stream.Dispose();
        return 0;
    });

    private void Cut(long length) => Guard(() =>
    {
        _stream.SetLength(length);
        _stream.Position = length;
        return 0;
    });

    private T Guard<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (FileErrors.Is(exception))
        {
            throw new InputException($"'{_path}' could not be written: {FileErrors.Describe(exception)} What was committed before is safe.", exception);
        }
    }
}
