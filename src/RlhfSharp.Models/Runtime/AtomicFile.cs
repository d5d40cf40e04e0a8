namespace RlhfSharp.Models.Runtime;

/// <summary>Writes files that are there whole or not at all, also when the process is killed or the disk is full.</summary>
public static class AtomicFile
{
    /// <summary>Replaces a file: writes to a temporary name beside it, syncs to disk, renames.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="InputException">The folder cannot be written to; the earlier file is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            DeleteQuietly(temporary);
            if (FileErrors.Is(exception))
            {
                throw new InputException($"'{path}' could not be written: {FileErrors.Describe(exception)} The earlier file, if any, is unchanged.", exception);
            }
            throw;
        }
    }

    /// <summary>Replaces a text file, see <see cref="Write"/>.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="text">The new contents, written as UTF-8 without a byte-order mark.</param>
    public static void WriteAllText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (FileErrors.Is(exception))
        {
            // The first error is the one to report.
        }
    }
}
