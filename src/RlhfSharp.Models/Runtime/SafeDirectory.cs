namespace RlhfSharp.Models.Runtime;

/// <summary>Makes folders, and says clearly when it cannot.</summary>
public static class SafeDirectory
{
    /// <summary>Makes a folder with all its parents; does nothing if it is there.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InputException">It cannot be made: the place is read-only, full, or below a file.</exception>
    public static void Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder '{path}' could not be made: {exception.Message}", exception);
        }
    }
}
