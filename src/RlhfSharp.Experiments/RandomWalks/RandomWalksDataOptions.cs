using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>Random walks on a random graph, rewarded by how short they are; recipe section <c>data</c> with <c>kind: random-walks</c>. Defaults are trlX's.</summary>
[RecipeKind("random-walks")]
public sealed record RandomWalksDataOptions : DataOptions
{
    /// <summary>Gets the seed of graph and walks; it is not the run's seed.</summary>
    /// <value>The default is 1000, that of trlX's examples.</value>
    [Range(0, uint.MaxValue)]
    public long GraphSeed { get; init; } = 1000;
}
