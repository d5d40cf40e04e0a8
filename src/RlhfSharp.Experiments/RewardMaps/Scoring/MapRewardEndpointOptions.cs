using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Training;
using RlhfSharp.Training.Rewards;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A reward model behind a server; <c>kind: endpoint</c>.</summary>
[RecipeKind("endpoint")]
public sealed record MapRewardEndpointOptions : TextRewardOptions
{
    /// <summary>Gets which server, and how fast.</summary>
    public required RewardEndpointOptions Endpoint { get; init; }

    /// <summary>Gets how texts are written out for the model.</summary>
    /// <value>One of the formats of <c>rlhf score</c>. The default is pair: the bare texts.</value>
    public string Format { get; init; } = RewardFormat.Pair;

    internal override IScorer Open(string folder, Device device, TimeProvider time) =>
        new RewardEndpointScorer(Endpoint, Format, Path.Combine(folder, $"scores-{Name}.jsonl"), time);
}
