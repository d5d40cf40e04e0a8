using System.ComponentModel.DataAnnotations;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>How much higher one of the recipe's rewards ranks a text than another one does; <c>kind: contrast</c>. As the first of the rewards it makes the map a search for texts about which the
/// two disagree. A rank is the share of a frozen set of texts that the model scores lower, and half of those it scores the same; the set is what the first steps write, which are not on
/// the map.</summary>
[RecipeKind("contrast")]
public sealed record ContrastRewardOptions : MapRewardOptions
{
    /// <summary>Gets the name of the reward that shall rank a text high. With the two names the other way round the map shows the other half of their disagreement.</summary>
    [Required]
    public required string First { get; init; }

    /// <summary>Gets the name of the reward that shall rank it low.</summary>
    [Required]
    public required string Second { get; init; }

    /// <summary>Gets how many of the first phase's steps write the frozen set. Its texts are drawn as all of the first phase are, duplicates stay in it, and it decides how fine ranks are: with 250 texts
    /// a step of a rank is 1/250.</summary>
    /// <value>From 1, fewer than <c>startSteps</c>. The default is 25.</value>
    [Range(1, 1_000_000)]
    public int CalibrationSteps { get; init; } = 25;
}
