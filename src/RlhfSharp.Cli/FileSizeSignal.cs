using System.Runtime.InteropServices;

namespace RlhfSharp.Cli;

/// <summary>Makes a file that grows beyond the limit of <c>ulimit -f</c> an error of writing it, as a full disk is.</summary>
internal static class FileSizeSignal
{
    // SIGXFSZ on Linux and macOS; unless it is handled, the system ends the process without a word.
    private const PosixSignal FileSizeExceeded = (PosixSignal)25;

    // Kept to the end of the process: the signal is looked at some time after the write that failed.
    private static PosixSignalRegistration? s_registration;

    public static void Ignore() =>
        s_registration ??= OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(FileSizeExceeded, context => context.Cancel = true);
}
