using System.Text.Json.Serialization;

namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>What was measured. What a workload has none of is null.</summary>
internal sealed record WorkloadResult
{
    /// <summary>Gets our tokens per second, from the median of the runs; solutions or maps where the workload counts those.</summary>
    [JsonPropertyName("tokens_per_second")]
    public double? TokensPerSecond { get; init; }

    /// <summary>Gets the plain rendering's tokens per second; its peak in bytes where memory is measured.</summary>
    [JsonPropertyName("baseline")]
    public double? Baseline { get; init; }

    /// <summary>Gets ours divided by the baseline.</summary>
    [JsonPropertyName("ratio")]
    public double? Ratio { get; init; }

    /// <summary>Gets the high-water mark of our anonymous resident memory in a fresh process, in bytes.</summary>
    [JsonPropertyName("peak_bytes")]
    public long? PeakBytes { get; init; }

    /// <summary>Gets 10⁶ bytes of text per second, ours.</summary>
    [JsonPropertyName("megabytes_per_second")]
    public double? MegabytesPerSecond { get; init; }

    /// <summary>Gets 10⁹ useful floating-point operations per second.</summary>
    [JsonPropertyName("gflops")]
    public double? Gflops { get; init; }

    /// <summary>Gets <see cref="Gflops"/> divided by what matrix products alone reached in the same run.</summary>
    [JsonPropertyName("gemm_share")]
    public double? GemmShare { get; init; }

    /// <summary>Gets whether others used the machine in most of the runs: the numbers are worth little then.</summary>
    [JsonPropertyName("busy")]
    public bool? IsBusy { get; init; }
}
