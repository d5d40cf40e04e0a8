namespace RlhfSharp.Experiments.Sweeps;

/// <summary>How numbers are drawn from a range.</summary>
public enum SweepScale
{
    /// <summary>All numbers are equally likely.</summary>
    Linear,

    /// <summary>All orders of magnitude are equally likely: the logarithm is drawn evenly.</summary>
    Log,
}
