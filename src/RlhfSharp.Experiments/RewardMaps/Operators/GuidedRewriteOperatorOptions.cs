using System.ComponentModel.DataAnnotations;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Asks for a parent rewritten with the target's labels, as at the hackathon; <c>kind: guided-rewrite</c>.</summary>
[RecipeKind("guided-rewrite")]
public sealed record GuidedRewriteOperatorOptions : MapOperatorOptions
{
    /// <summary>Gets the prompt; <c>{parent}</c> stands for the parent's text, <c>{parent.genre}</c> for its label, <c>{genre}</c> for the target's.</summary>
    [Required]
    public required string Template { get; init; }

    internal override IEnumerable<(string Template, string[] Names)> Templates => [(Template, ["parent"])];

    internal override MapPlan? Plan(MapSituation situation)
    {
        if (situation.State.Archive.Count == 0)
        {
            return null;
        }
        var target = situation.Targets.Choose(situation.State, situation.Random);
        return situation.Plan("guided-rewrite", Template, target, situation.DrawParent().Solution);
    }
}
