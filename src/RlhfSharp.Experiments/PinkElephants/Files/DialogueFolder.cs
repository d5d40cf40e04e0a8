using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A folder of dialogues while a process writes it; a lock keeps a second one out.</summary>
public sealed class DialogueFolder : IDisposable
{
    private const string TranscriptName = "transcript.jsonl";

    private readonly RunLock _lock;

    private DialogueFolder(string path, RunLock folderLock) => (Path, _lock) = (path, folderLock);

    /// <summary>Gets the folder.</summary>
    public string Path { get; }

    /// <summary>Gets where the answers of a language model are recorded.</summary>
    public string TranscriptPath => System.IO.Path.Combine(Path, TranscriptName);

    /// <summary>Makes a new folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="overwrite">Whether an existing data set may be removed.</param>
    /// <param name="settings">How it shall come to be.</param>
    /// <returns>The folder, locked.</returns>
    /// <exception cref="InputException">There is one already, another process works in it, or it cannot be written to.</exception>
    public static DialogueFolder Create(string path, bool overwrite, DialogueSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Endpoint?.Check();   // before anything is removed
        var exists = File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any(entry => !IsTrace(entry)));
        if (exists && !overwrite)
        {
            throw new InputException($"'{path}' exists. Go on with it by --resume, replace it by --overwrite, or choose another folder by --out.");
        }
        if (exists && !IsDataSet(path))
        {
            throw new InputException($"'{path}' holds something other than a data set of dialogues, so --overwrite does not remove it. Choose another folder by --out.");
        }
        var folderLock = RunLock.Take(path);
        try
        {
            // What else somebody keeps there is theirs. The settings go last: until then it is a data set.
            foreach (var name in (string[])[.. DialogueFiles.Names, TranscriptName, DialogueSettings.FileName])
            {
                File.Delete(System.IO.Path.Combine(path, name));
            }
            settings.Write(path);
            return new DialogueFolder(path, folderLock);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Opens an existing folder to go on with it.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="change">Changes its settings, for instance the number of requests at a time.</param>
    /// <returns>The folder, locked, and its settings after the change.</returns>
    /// <exception cref="InputException">There is nothing to go on with, or another process works in it.</exception>
    public static (DialogueFolder Folder, DialogueSettings Settings) Resume(string path, Func<DialogueSettings, DialogueSettings> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (!IsDataSet(path))
        {
            throw new InputException(Directory.Exists(path)
                ? $"'{path}' holds nothing to go on with: it has no {DialogueSettings.FileName}. Leave out --resume to start."
                : $"There is no folder '{path}' to go on with. Leave out --resume to start.");
        }
        var folderLock = RunLock.Take(path);
        try
        {
            var settings = change(DialogueSettings.Read(path));
            settings.Endpoint?.Check();
            settings.Write(path);
            return (new DialogueFolder(path, folderLock), settings);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static bool IsDataSet(string path) => File.Exists(System.IO.Path.Combine(path, DialogueSettings.FileName));

    // A process that was killed before its first file left these.
    private static bool IsTrace(string entry) => System.IO.Path.GetFileName(entry) is RunLock.FileName or DialogueSettings.FileName + ".tmp";
}
