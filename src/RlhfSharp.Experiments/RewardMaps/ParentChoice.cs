namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Which elite a new text starts from.</summary>
public enum ParentChoice
{
    /// <summary>Any, all equally often on average.</summary>
    Uniform,

    /// <summary>Those of cells whose children became elites (Cully and Demiris 2018): a cell gains 1 for each child that did, and loses 0.5 for each that did not.</summary>
    Curiosity,
}
