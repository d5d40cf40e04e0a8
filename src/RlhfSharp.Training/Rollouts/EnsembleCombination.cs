namespace RlhfSharp.Training.Rollouts;

/// <summary>What counts of several reward models' scores (Coste et al. 2023, https://arxiv.org/abs/2310.02743).</summary>
public enum EnsembleCombination
{
    /// <summary>The mean.</summary>
    Mean,

    /// <summary>The lowest.</summary>
    WorstCase,

    /// <summary>The mean, less a multiple of the variance among the models.</summary>
    UncertaintyWeighted,
}
