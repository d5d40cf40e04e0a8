using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using RlhfSharp.Models.Adapters;

namespace RlhfSharp.Experiments.Recipes;

/// <summary>The model to start from; recipe section <c>model</c>. Exactly one of <c>path</c> and <c>new</c> is given.</summary>
public sealed record ModelOptions
{
    /// <summary>Gets a checkpoint or a run, relative to the working directory.</summary>
    public string? Path { get; init; }

    /// <summary>Gets the <c>config.json</c> of a model to be drawn at random; <c>vocab_size</c> is that of the tokenizer unless given.</summary>
    public JsonObject? New { get; init; }

    /// <summary>Gets how many of the uppermost blocks train.</summary>
    /// <value>−1, the default: everything trains. 0: only heads do.</value>
    [Range(-1, int.MaxValue)]
    public int UnfrozenLayers { get; init; } = -1;

    /// <summary>Gets the adapter that trains instead of the model; null trains the model itself. Needs <c>path</c>: checkpoints hold the adapter alone.</summary>
    public LoraOptions? Lora { get; init; }

    /// <summary>Gets the element type of weights and activations.</summary>
    /// <value>The default is automatic: F32 on a CPU, BF16 on CUDA.</value>
    public ComputeType Type { get; init; } = ComputeType.Auto;
}
