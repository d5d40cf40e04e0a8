namespace RlhfSharp.Models.Runtime;

/// <summary>Tells errors of the file system from mistakes of the program.</summary>
public static class FileErrors
{
    /// <summary>Says whether an exception means that a file or folder could not be read or written.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>True for missing files, missing rights, full disks and files beyond a size limit.</returns>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException || IsSizeLimit(exception);

    /// <summary>Says for people what went wrong.</summary>
    /// <param name="exception">An exception for which <see cref="Is"/> holds.</param>
    /// <returns>A sentence.</returns>
    public static string Describe(Exception exception) => IsSizeLimit(exception) ? "The file would be larger than the system allows (ulimit -f)." : exception.Message;

    // What .NET makes of EFBIG, the answer to a write beyond the limit.
    private static bool IsSizeLimit(Exception exception) => exception is ArgumentOutOfRangeException { ParamName: "value" };
}
