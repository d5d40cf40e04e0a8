namespace RlhfSharp.Experiments.Sweeps;

/// <summary>Which values of the metric are better.</summary>
public enum SweepGoal
{
    /// <summary>Smaller ones.</summary>
    Minimize,

    /// <summary>Larger ones.</summary>
    Maximize,
}
