using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>vLLM's <c>/pooling</c> (docs.vllm.ai, serving, pooling models).</summary>
internal sealed class VllmPoolingProtocol : RewardProtocol
{
    public override string Path => "/pooling";

    public override JsonObject Ask(string? model, IReadOnlyList<RewardText> texts, bool asPairs) => new() { ["model"] = model, ["input"] = Wholes(texts) };

    public override IReadOnlyList<double> Read(JsonElement answer) => ByIndex(answer.GetProperty("data"), item => Single(item.GetProperty("data")));
}
