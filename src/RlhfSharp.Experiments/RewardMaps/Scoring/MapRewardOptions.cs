using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A reward of a map; an entry of the recipe's list <c>rewards</c>, chosen by its <c>kind</c>. The first one decides what is an elite; the others
/// are recorded beside it.</summary>
public abstract record MapRewardOptions
{
    /// <summary>Gets its name in events, files and metrics.</summary>
    /// <value>The default is reward.</value>
    [RegularExpression("[A-Za-z][A-Za-z0-9_-]*")]
    public string Name { get; init; } = "reward";
}
