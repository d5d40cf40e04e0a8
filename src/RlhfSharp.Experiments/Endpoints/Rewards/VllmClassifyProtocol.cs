using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>vLLM's <c>/classify</c> (docs.vllm.ai, serving, classification).</summary>
internal sealed class VllmClassifyProtocol : RewardProtocol
{
    public override string Path => "/classify";

    public override JsonObject Ask(string? model, IReadOnlyList<RewardText> texts, bool asPairs) => new() { ["model"] = model, ["input"] = Wholes(texts) };

    public override IReadOnlyList<double> Read(JsonElement answer) => ByIndex(answer.GetProperty("data"), item => Single(item.GetProperty("probs")));
}
