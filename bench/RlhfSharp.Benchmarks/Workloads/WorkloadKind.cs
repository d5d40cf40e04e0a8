namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>What is measured.</summary>
internal enum WorkloadKind
{
    /// <summary>Tokens per second, ours beside the plain rendering's.</summary>
    Speed,

    /// <summary>Peak memory, ours beside the plain rendering's.</summary>
    Memory,

    /// <summary>Peak memory above the idle process, beside what was estimated before.</summary>
    Estimate,

    /// <summary>Megabytes of text per second, one thread, ours beside the plain rendering's.</summary>
    Text,

    /// <summary>Matrix products alone.</summary>
    Gemm,
}
