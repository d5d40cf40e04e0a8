using System.ComponentModel.DataAnnotations;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Asks for another version of a parent, with its own labels; <c>kind: rewrite</c>.</summary>
[RecipeKind("rewrite")]
public sealed record RewriteOperatorOptions : MapOperatorOptions
{
    /// <summary>Gets the prompt; <c>{parent}</c> stands for the parent's text, <c>{parent.genre}</c> for its label.</summary>
    [Required]
    public required string Template { get; init; }

    internal override IEnumerable<(string Template, string[] Names)> Templates => [(Template, ["parent"])];

    internal override MapPlan? Plan(MapSituation situation)
    {
        if (situation.State.Archive.Count == 0)
        {
            return null;
        }
        var parent = situation.DrawParent().Solution;
        return situation.Plan("rewrite", Template, situation.State.LabelsOf(parent), parent);
    }
}
