using System.Globalization;
using System.Runtime.InteropServices;

namespace RlhfSharp.Tests;

/// <summary>What Linux says about this process's memory.</summary>
internal static class ProcessMemory
{
    private const string Status = "/proc/self/status";

    public static bool IsKnown => File.Exists(Status);

    /// <summary>Gets anonymous resident memory in bytes: pages of mapped files do not count.</summary>
    public static long Anonymous => Read("RssAnon:");

    /// <summary>Runs an action and measures by how many bytes resident memory rose above what it was before, at the most.</summary>
    public static long PeakOf(Action action)
    {
        _ = Trim(0);                                       // what earlier tests freed must not serve this one unseen
        File.WriteAllText("/proc/self/clear_refs", "5");   // sets the highest value back to the present one
        var before = Read("VmRSS:");
        action();
        return Read("VmHWM:") - before;
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint keep);

    private static long Read(string key)
    {
        if (!IsKnown)
        {
            return 0;
        }
        var kilobytes = File.ReadLines(Status).First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..]
            .Replace("kB", "", StringComparison.Ordinal);
        return 1024 * long.Parse(kilobytes.Trim(), CultureInfo.InvariantCulture);
    }
}
