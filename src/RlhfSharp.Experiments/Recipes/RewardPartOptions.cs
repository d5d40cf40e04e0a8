using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>A part of the reward of on-policy objectives; an entry of the recipe's list <c>rewards</c>, chosen by its <c>kind</c>. What counts is the weighted sum of
/// all parts.</summary>
public abstract record RewardPartOptions
{
    /// <summary>Gets the part's name in metrics.</summary>
    /// <value>Null, the default, means what the part measures.</value>
    public string? Name { get; init; }

    /// <summary>Gets how much the part counts.</summary>
    /// <value>Any number. The default is 1.</value>
    [Range(-1e6, 1e6)]
    public double Weight { get; init; } = 1;

    /// <summary>Gets whether its scores are brought to mean 0 and standard deviation 1 within each round before they are weighed.</summary>
    /// <value>The default is false.</value>
    public bool Standardize { get; init; }

    /// <summary>Gets the bound on its scores, after that; what is beyond is cut, below as above.</summary>
    /// <value>Above 0; null, the default, sets none.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? Clip { get; init; }

    /// <summary>Gets the name of a part that has none of its own.</summary>
    internal abstract string DefaultName { get; }
}
