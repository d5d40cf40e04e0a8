using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Runs;

/// <summary>Keeps a second process out of a run's folder while this object lives.</summary>
public sealed class RunLock : IDisposable
{
    /// <summary>The file's name; it stays when the lock is gone.</summary>
    public const string FileName = ".lock";

    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Locks a folder; it is made if it does not exist.</summary>
    /// <param name="path">The folder.</param>
    /// <returns>The lock; the operating system releases it too when the process ends, however it ends.</returns>
    /// <exception cref="InputException">The folder cannot be written to, or another process works in it.</exception>
    public static RunLock Take(string path)
    {
        SafeDirectory.Create(path);
        var file = Path.Combine(path, FileName);
        var existed = File.Exists(file);
        try
        {
            return new RunLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (existed)
        {
            throw new InputException($"The run '{path}' is in use by another process. Wait for it, or stop it; nothing was changed.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The run '{path}' cannot be written to: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
