using System.Globalization;
using RlhfSharp.Benchmarks.Measuring;
using RlhfSharp.Benchmarks.Workloads;

namespace RlhfSharp.Benchmarks;

/// <summary>Results as lines of a table in Markdown, ready to be pasted into <c>bench/README.md</c>.</summary>
internal static class ResultText
{
    /// <summary>The first two lines.</summary>
    public const string Header = "| workload | ours | plain | ratio | GFLOP/s | of gemm | peak memory | machine |\n|---|---|---|---|---|---|---|---|";

    /// <summary>Formats the line of a workload.</summary>
    public static string Line(Workload workload, WorkloadResult result)
    {
        var isMemory = workload.Kind is WorkloadKind.Memory or WorkloadKind.Estimate;
        string[] cells =
        [
            $"`{workload.Name}`",
            Rate(result.TokensPerSecond, workload.Unit) + Text(result.MegabytesPerSecond, ", 0.00 MB/s"),
            isMemory ? Megabytes(result.Baseline) : Rate(result.Baseline, workload.Unit),
            Text(result.Ratio, "0.00"),
            Text(result.Gflops, "0.0"),
            Text(result.GemmShare, "0%"),
            Megabytes(result.PeakBytes),
            result.IsBusy switch { null => string.Empty, true => "busy: discard", false => "quiet" },
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    /// <summary>Formats what parts of a step take, one line each.</summary>
    public static string Parts(Workload workload, IReadOnlyList<(string Part, double Seconds)> parts)
    {
        var all = parts.Sum(part => part.Seconds);
        return string.Concat(parts.Select(part => string.Create(
            CultureInfo.InvariantCulture, $"{workload.Name}: {part.Part,-24}{part.Seconds * 1000,9:0.0} ms {part.Seconds / all,5:0%}\n")));
    }

    private static string Rate(double? perSecond, string unit) => Text(perSecond, perSecond < 10 ? $"0.00 '{unit}/s'" : $"#,0 '{unit}/s'");

    private static string Megabytes(double? bytes) => Text(bytes / 1e6, "#,0 MB");

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? string.Empty;
}
