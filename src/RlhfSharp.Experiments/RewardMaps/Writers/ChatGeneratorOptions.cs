using RlhfSharp.Experiments.Endpoints;
using RlhfSharp.Training;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>A language model behind an OpenAI-compatible server, for instance a 70B model behind vLLM; <c>kind: endpoint</c>.</summary>
[RecipeKind("endpoint")]
public sealed record ChatGeneratorOptions : MapGeneratorOptions
{
    /// <summary>Gets which model, and how fast.</summary>
    public required EndpointOptions Endpoint { get; init; }

    internal override ITextWriter Open(string folder, Device device, TimeProvider time) =>
        new ChatWriter(EndpointClient.Open(Endpoint, Path.Combine(folder, "transcript.jsonl"), time));
}
