namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Which texts a crossover shows.</summary>
public enum CrossoverChoice
{
    /// <summary>Three elites, those in cells near the chosen one more often.</summary>
    Near,

    /// <summary>Those that the chosen text was made of, with one of them replaced by another elite; near ones where it was not made of three.</summary>
    Replace,
}
