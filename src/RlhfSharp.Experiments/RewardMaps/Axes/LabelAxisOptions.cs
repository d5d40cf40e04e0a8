using System.ComponentModel.DataAnnotations;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>An axis of labels, such as genres; <c>kind: labels</c>.</summary>
[RecipeKind("labels")]
public sealed record LabelAxisOptions : MapAxisOptions
{
    /// <summary>Gets the labels, in the order in which the map shows them; all different.</summary>
    [MinLength(2)]
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Gets what finds the label of a text.</summary>
    /// <value>Null, the default, means nothing: the label that was asked for is believed.</value>
    public MapJudgeOptions? Judge { get; init; }
}
