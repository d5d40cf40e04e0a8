namespace RlhfSharp.Training.Loop;

/// <summary>Which parameters decay.</summary>
public enum WeightDecayScope
{
    /// <summary>Those with two dimensions or more.</summary>
    Matrices,

    /// <summary>All, as in trlX.</summary>
    All,
}
