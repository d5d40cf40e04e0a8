namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>Something to measure.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Kind">What is measured.</param>
/// <param name="Create">Prepares the work; the caller disposes it. Not used for <see cref="WorkloadKind.Gemm"/>.</param>
/// <param name="Unit">What is counted per second.</param>
internal sealed record Workload(string Name, WorkloadKind Kind, Func<IContest> Create, string Unit = "tokens");
