using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training;
using RlhfSharp.Training.Rewards;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The taste that the recipe's section <c>planted</c> names, and noise on top: a reward model that is known to the last digit, for simulations of what a map finds;
/// <c>kind: planted-taste</c>.</summary>
[RecipeKind("planted-taste")]
public sealed record PlantedTasteRewardOptions : TextRewardOptions
{
    /// <summary>Gets the standard deviation of the noise, in units of the reward. A text always has the same noise: a reward model is wrong about a text, and stays so.</summary>
    /// <value>From 0. The default is 0.5.</value>
    [Range(0.0, 1000.0)]
    public double Noise { get; init; } = 0.5;

    private PlantedTaste? Taste { get; init; }

    private long Seed { get; init; }

    internal override TextRewardOptions For(PlantedTaste? planted, long seed) => this with { Taste = planted, Seed = seed };

    internal override IScorer Open(string folder, Device device, TimeProvider time) =>
        new PlantedTasteScorer(Taste ?? throw new InputException("rewards: kind planted-taste scores by the taste that the section 'planted' names, and there is none."), Noise, Seed);
}
