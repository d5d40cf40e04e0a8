using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Recipes;
using RlhfSharp.Training;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>How likely a language model finds an answer, per token; an entry of <c>rewards</c> with <c>kind: fluency</c>. Word salad scores low.</summary>
/// <remarks>Likely texts are dull ones: beside other rewards it belongs with a floor and a small weight.</remarks>
[RecipeKind("fluency")]
public sealed record FluencyRewardOptions : RewardPartOptions
{
    /// <summary>Gets the language model.</summary>
    /// <value>A checkpoint or a run; null, the default, means the model that training starts from.</value>
    public string? Path { get; init; }

    /// <summary>Gets the lowest score, in nats per token; an answer without a word has it.</summary>
    /// <value>Below 0. The default is −5.</value>
    [Range(-1e6, -1e-6)]
    public double Floor { get; init; } = -5;

    internal override string DefaultName => "fluency";
}
