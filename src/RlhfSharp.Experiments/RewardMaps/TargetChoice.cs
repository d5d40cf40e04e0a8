namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Which labels are asked for.</summary>
public enum TargetChoice
{
    /// <summary>Any, all equally often on average.</summary>
    Uniform,

    /// <summary>Those asked for least: every cell gets the same number, which makes the map better statistics.</summary>
    FewestEvaluations,

    /// <summary>Those whose texts became elites most often, and those tried little: UCB1.</summary>
    MostPromising,
}
