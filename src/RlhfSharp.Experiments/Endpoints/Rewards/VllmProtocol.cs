using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>vLLM's <c>/pooling</c> and <c>/classify</c> (docs.vllm.ai, serving, pooling models), which differ in names only.</summary>
/// <param name="path">What is asked.</param>
/// <param name="scores">The key of a text's scores.</param>
internal sealed class VllmProtocol(string path, string scores) : RewardProtocol
{
    public override string Path => path;

    public override JsonObject Ask(string? model, IReadOnlyList<RewardText> texts, bool asPairs) => new() { ["model"] = model, ["input"] = Wholes(texts) };

    // A list in any order; each entry names its place.
    public override IReadOnlyList<double> Read(JsonElement answer) =>
        [.. answer.GetProperty("data").EnumerateArray().OrderBy(item => item.GetProperty("index").GetInt32()).Select(item => Single(item.GetProperty(scores)))];
}
