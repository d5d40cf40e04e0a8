using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>A recipe that differs from its base in a few settings.</summary>
public sealed record RecipeVariant
{
    /// <summary>Gets the name; metrics are called <c>metric/name</c>.</summary>
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9._-]*")]
    public required string Name { get; init; }

    /// <summary>Gets the settings that differ, by dotted key, for instance <c>objective.targetSync: never</c>.</summary>
    public required JsonObject Set { get; init; }
}
