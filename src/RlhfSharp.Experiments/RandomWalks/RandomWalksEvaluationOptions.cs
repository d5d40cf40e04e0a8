using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>Samples walks from every start; recipe section <c>evaluation</c> with <c>kind: random-walks</c>.</summary>
[RecipeKind("random-walks")]
public sealed record RandomWalksEvaluationOptions : EvaluationOptions
{
    /// <summary>Gets the strengths of steering at which walks are sampled.</summary>
    /// <value>The default is 0, 1 and 100 (trlX).</value>
    [MinLength(1)]
    public IReadOnlyList<double> Betas { get; init; } = [0, 1, 100];

    /// <summary>Gets how many of the likeliest steered tokens are kept.</summary>
    /// <value>The default is 10 (trlX).</value>
    [Range(0, int.MaxValue)]
    public int TopK { get; init; } = 10;

    /// <summary>Gets the number of walks per start during training.</summary>
    /// <value>From 1 up. The default is 1 (trlX): 20 walks per strength.</value>
    [Range(1, int.MaxValue)]
    public int SamplesPerStart { get; init; } = 1;

    /// <summary>Gets the number of walks per start at the end, for the result.</summary>
    /// <value>From 1 up. The default is 20.</value>
    [Range(1, int.MaxValue)]
    public int FinalSamplesPerStart { get; init; } = 20;
}
