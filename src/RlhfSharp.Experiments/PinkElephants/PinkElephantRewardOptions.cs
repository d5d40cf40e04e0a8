using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>A rule about answers; an entry of <c>rewards</c> with <c>kind: pink-elephant</c>, for pink elephants.</summary>
[RecipeKind("pink-elephant")]
public sealed record PinkElephantRewardOptions : RewardPartOptions
{
    /// <summary>Gets what is rewarded.</summary>
    /// <value>The default is obeys.</value>
    public PinkElephantRule Rule { get; init; } = PinkElephantRule.Obeys;

    /// <summary>Gets the number of words from which on an answer is long enough; read by the rule <c>long-enough</c> only.</summary>
    /// <value>From 1 up. The default is 15.</value>
    [Range(1, 10_000)]
    public int Words { get; init; } = 15;

    internal override string DefaultName => JsonNamingPolicy.SnakeCaseLower.ConvertName(Rule.ToString());
}
