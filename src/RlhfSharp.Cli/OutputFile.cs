using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Cli;

/// <summary>A file that a command writes, checked before the work that fills it.</summary>
internal static class OutputFile
{
    /// <summary>Fails if a file cannot be written, so that hours of work are not lost at their end.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="overwrite">Whether an existing one may be replaced.</param>
    /// <exception cref="InputException">It exists, or its folder cannot be made.</exception>
    public static void Require(string path, bool overwrite)
    {
        if (Path.Exists(path) && !overwrite)
        {
            throw new InputException($"'{path}' exists. Replace it by --overwrite, or choose another file by --out.");
        }
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            SafeDirectory.Create(folder);
        }
    }
}
