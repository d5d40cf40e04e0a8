using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>The gold reward model, which stands in for people; recipe section <c>gold</c>. Exactly one of <c>path</c> and <c>endpoint</c> is given.</summary>
public sealed record GoldOptions
{
    /// <summary>Gets the reward model: a checkpoint or a run.</summary>
    public string? Path { get; init; }

    /// <summary>Gets the server that the reward model is behind. Its scores are kept as they arrive and never asked for twice.</summary>
    public RewardEndpointOptions? Endpoint { get; init; }

    /// <summary>Gets how dialogues are written out for it.</summary>
    /// <value>The name of a chat format; null, the default, means the one that the checkpoint names. A server names none, so <c>endpoint</c> needs it.</value>
    public string? Format { get; init; }

    /// <summary>Gets the element type of a checkpoint's weights and activations.</summary>
    /// <value>The default is float32; a model of 13 billion parameters fits on one GPU in bfloat16 only.</value>
    public ComputeType Type { get; init; } = ComputeType.Float32;
}
