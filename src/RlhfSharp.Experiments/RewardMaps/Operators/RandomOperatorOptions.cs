using System.ComponentModel.DataAnnotations;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Asks for a text with the target's labels, without a parent; <c>kind: random</c>.</summary>
[RecipeKind("random")]
public sealed record RandomOperatorOptions : MapOperatorOptions
{
    /// <summary>The operator's kind, also that of every text of the first phase.</summary>
    internal const string Kind = "random";

    /// <summary>Gets the prompt; <c>{genre}</c> stands for the label on the axis <c>genre</c>.</summary>
    [Required]
    public required string Template { get; init; }

    internal override IEnumerable<(string Template, string[] Names)> Templates => [(Template, [])];

    internal override MapPlan Plan(MapSituation situation) => situation.Plan(Kind, Template, situation.Targets.Choose(situation.State, situation.Random));
}
