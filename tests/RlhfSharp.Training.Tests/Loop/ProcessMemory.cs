using System.Globalization;

namespace RlhfSharp.Training.Tests.Loop;

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
        File.WriteAllText("/proc/self/clear_refs", "5");   // sets the highest value back to the present one
        var before = Read("VmRSS:");
        action();
        return Read("VmHWM:") - before;
    }

    private static long Read(string key) => !IsKnown
        ? 0
        : 1024 * long.Parse(File.ReadLines(Status).First(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
}
