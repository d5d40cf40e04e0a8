namespace RlhfSharp.Experiments.Sweeps;

/// <summary>How a sweep chooses the settings of its trials.</summary>
public enum SweepMethod
{
    /// <summary>Each trial draws every setting by itself (Bergstra and Bengio 2012). Trials can be added later.</summary>
    Random,

    /// <summary>Every combination of the values is tried.</summary>
    Grid,

    /// <summary>Settings are drawn as with <see cref="Random"/>; all trials train a little, the better part goes on, and so forth (successive halving, Jamieson and Talwalkar 2016).</summary>
    Halving,
}
