using System.Diagnostics;
using System.Globalization;

namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>How much of the machine other processes used while something ran.</summary>
/// <remarks>From <c>/proc/stat</c>: what all processors did, less what this process did. Where there is no such file nothing is known.</remarks>
internal readonly record struct MachineLoad(double BusyTicks, double AllTicks, TimeSpan Own)
{
    private const string StatFile = "/proc/stat";

    // The kernel's USER_HZ, 100 on every platform .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Reads the counters.</summary>
    public static MachineLoad Now()
    {
        if (!File.Exists(StatFile))
        {
            return default;
        }
        using var process = Process.GetCurrentProcess();
        return Parse(File.ReadLines(StatFile).First(), process.TotalProcessorTime);
    }

    /// <summary>Reads the line of all processors.</summary>
    /// <param name="line">user, nice, system, idle, waiting for a disk, and so on.</param>
    /// <param name="own">What this process has used so far.</param>
    public static MachineLoad Parse(string line, TimeSpan own)
    {
        // The last two, time given to guests, are part of user and nice already.
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8);
        var ticks = fields.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new(ticks.Sum() - ticks[3] - ticks[4], ticks.Sum(), own);
    }

    /// <summary>Computes what others used since an earlier reading.</summary>
    /// <returns>0 to 1, the share of all processors' time.</returns>
    public double ShareOfOthers(MachineLoad earlier)
    {
        var all = AllTicks - earlier.AllTicks;
        return all <= 0 ? 0 : Math.Clamp((BusyTicks - earlier.BusyTicks - (Own - earlier.Own).TotalSeconds * TicksPerSecond) / all, 0, 1);
    }
}
