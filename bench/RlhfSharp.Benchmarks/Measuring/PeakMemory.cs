using System.Diagnostics;
using System.Globalization;
using RlhfSharp.Benchmarks.Workloads;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>Measures the memory of a workload in a fresh process, by starting this program again.</summary>
internal static class PeakMemory
{
    /// <summary>The option by which the program asks itself.</summary>
    public const string OptionName = "--peak";

    private const int Runs = 2;   // the second meets the optimiser's moments and what the allocator kept

    /// <summary>Measures in a fresh process.</summary>
    /// <param name="workload">What to run.</param>
    /// <param name="side">Which rendering.</param>
    /// <param name="threads">The number of threads.</param>
    /// <returns>Bytes; null where the system does not tell.</returns>
    public static long? InFreshProcess(Workload workload, Side side, int threads)
    {
        if (!AnonymousMemory.IsKnown)
        {
            return null;
        }
        var program = Path.Combine(AppContext.BaseDirectory, typeof(PeakMemory).Assembly.GetName().Name!);
        string[] arguments = [workload.Name, OptionName, $"{side}", "--threads", $"{threads}"];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InputException($"'{program}' could not be started.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? long.Parse(output, CultureInfo.InvariantCulture)
            : throw new InputException($"The process that measures the memory of {workload.Name} ended with {process.ExitCode}.");
    }

    /// <summary>Measures in this process, which must have done nothing else.</summary>
    /// <param name="workload">What to run.</param>
    /// <param name="side">Which rendering.</param>
    /// <returns>Bytes: everything of the process that lies in no file, from the time when the weights were drawn.</returns>
    /// <remarks>For an estimate, what the process takes when it is idle is subtracted.</remarks>
    public static long Here(Workload workload, Side side)
    {
        var idle = workload.Kind == WorkloadKind.Estimate ? AnonymousMemory.Idle() : 0;
        using var contest = workload.Create();
        AnonymousMemory.Reset();
        for (var run = 0; run < Runs; run++)
        {
            (side == Side.Ours ? (Action)contest.RunOurs : contest.RunPlain)();
        }
        return AnonymousMemory.Peak() - idle;
    }
}
