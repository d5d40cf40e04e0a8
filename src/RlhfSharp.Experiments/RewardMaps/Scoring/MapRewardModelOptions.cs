using System.ComponentModel.DataAnnotations;
using RlhfSharp.Experiments.Runs;
using RlhfSharp.Training;
using RlhfSharp.Training.Rewards;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A reward model on this machine; <c>kind: reward-model</c>.</summary>
[RecipeKind("reward-model")]
public sealed record MapRewardModelOptions : TextRewardOptions
{
    /// <summary>Gets a checkpoint or a run.</summary>
    [Required]
    public required string Path { get; init; }

    /// <summary>Gets how texts are written out for the model.</summary>
    /// <value>Null, the default, means the model's own form.</value>
    public string? Format { get; init; }

    /// <summary>Gets which score counts, from 0, where the model gives several.</summary>
    public int? Label { get; init; }

    internal override string? ModelPath => Path;

    internal override IScorer Open(string folder, Device device, TimeProvider time) =>
        RewardModelScorer.Load(CheckpointPath.Resolve(Path), Format, Label, ScalarType.Float32, device, allowsNonFinite: true);   // a map counts such texts as rejected
}
