using System.ComponentModel.DataAnnotations;
using RlhfSharp.Models.Generation;
using RlhfSharp.Training;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A model on this machine; <c>kind: model</c>.</summary>
[RecipeKind("model")]
public sealed record LocalGeneratorOptions : MapGeneratorOptions
{
    /// <summary>Gets a checkpoint or a run.</summary>
    [Required]
    public required string Path { get; init; }

    /// <summary>Gets how prompts are written out for the model.</summary>
    /// <value>The name of a chat format; null, the default, gives the model the bare prompt to go on with.</value>
    public string? Format { get; init; }

    /// <summary>Gets how tokens are chosen.</summary>
    /// <value>The default is temperature 1, all tokens, and at most 256 new ones, as at the hackathon.</value>
    public GenerationOptions Sampling { get; init; } = new() { MaxNewTokens = 256 };

    internal override string? ModelPath => Path;

    internal override ITextWriter Open(string folder, Device device, TimeProvider time) => new LocalWriter(this, device);
}
