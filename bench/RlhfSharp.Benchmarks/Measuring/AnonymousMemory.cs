using System.Globalization;
using TorchSharp;

namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>The high-water mark of this process's anonymous resident memory. Linux only.</summary>
/// <remarks>The kernel keeps the mark of all resident memory (VmHWM); what is mapped from files, almost all of it libraries that were
/// loaded before, is subtracted.</remarks>
internal static class AnonymousMemory
{
    private const string StatusFile = "/proc/self/status";
    private const string ResetFile = "/proc/self/clear_refs";
    private const string ResetHighWater = "5";

    /// <summary>Gets whether the system tells.</summary>
    public static bool IsKnown => File.Exists(StatusFile) && File.Exists(ResetFile);

    /// <summary>Forgets what was the most so far.</summary>
    public static void Reset() => File.WriteAllText(ResetFile, ResetHighWater);

    /// <summary>Gets the most since <see cref="Reset"/>, in bytes.</summary>
    public static long Peak() => Peak(File.ReadAllLines(StatusFile));

    /// <summary>Gets what this process takes after a first product of matrices, which loads what is loaded once.</summary>
    public static long Idle()
    {
        using (torch.NewDisposeScope())
        {
            torch.rand(64, 64).mm(torch.rand(64, 64));
        }
        Reset();
        return Peak();
    }

    /// <summary>Reads the most out of the lines of the kernel's file.</summary>
    public static long Peak(IReadOnlyList<string> lines) =>
        1024 * (Kilobytes(lines, "VmHWM") - Kilobytes(lines, "RssFile") - Kilobytes(lines, "RssShmem"));

    private static long Kilobytes(IReadOnlyList<string> lines, string name)
    {
        var line = lines.First(line => line.StartsWith($"{name}:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
