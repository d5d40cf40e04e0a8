namespace RlhfSharp.Benchmarks.Measuring;

/// <summary>Which of two renderings.</summary>
internal enum Side
{
    /// <summary>RlhfSharp.</summary>
    Ours,

    /// <summary>The plain TorchSharp rendering.</summary>
    Plain,
}
