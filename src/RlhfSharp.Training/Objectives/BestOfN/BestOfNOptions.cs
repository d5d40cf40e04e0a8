using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Training.Objectives;

/// <summary>Best-of-n: nothing is trained; of several samples that answer counts which the recipe's <c>rewards</c> find best. Recipe section <c>objective</c> with
/// <c>kind: best-of-n</c>.</summary>
[RecipeKind("best-of-n")]
public sealed record BestOfNOptions : ObjectiveOptions
{
    /// <summary>Gets the number of samples from which the best is taken.</summary>
    /// <value>From 2 up. The default is 16. The divergence from the start is at most log n − (n − 1)/n nats, and less where samples repeat each other.</value>
    [Range(2, 10_000)]
    public int Samples { get; init; } = 16;
}
