using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>An axis of a reward map; an entry of the recipe's list <c>axes</c>, chosen by its <c>kind</c>.</summary>
public abstract record MapAxisOptions
{
    /// <summary>Gets the axis' name; templates write it in braces.</summary>
    [RegularExpression("[A-Za-z][A-Za-z0-9_-]*")]
    public required string Name { get; init; }
}
