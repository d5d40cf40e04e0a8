using System.ComponentModel.DataAnnotations;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>An axis of the length of texts, which is measured in every label mode and never asked for; <c>kind: length</c>.</summary>
[RecipeKind("length")]
public sealed record LengthAxisOptions : MapAxisOptions
{
    /// <summary>Gets what is counted.</summary>
    /// <value>The default is characters.</value>
    public TextUnit Unit { get; init; }

    /// <summary>Gets the borders between bins, ascending; n of them make n + 1 bins.</summary>
    [MinLength(1)]
    public required IReadOnlyList<double> Ticks { get; init; }
}
