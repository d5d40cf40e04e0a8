namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>What is measured.</summary>
internal enum WorkloadKind
{
    /// <summary>Tokens per second, ours beside the plain rendering's.</summary>
    Speed,

    /// <summary>Peak memory, ours beside the plain rendering's.</summary>
    Memory,

    /// <summary>Matrix products alone.</summary>
    Gemm,
}
