using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>OpenRLHF's <c>/get_reward</c> (openrlhf/cli/serve_rm.py).</summary>
internal sealed class OpenRlhfProtocol : RewardProtocol
{
    public override string Path => "/get_reward";

    public override JsonObject Ask(string? model, IReadOnlyList<RewardText> texts, bool asPairs) => new()
    {
        ["query"] = Wholes(texts),
        ["prompts"] = new JsonArray([.. texts.Select(text => JsonValue.Create(text.Prompt))]),
    };

    public override IReadOnlyList<double> Read(JsonElement answer) => [.. answer.GetProperty("rewards").EnumerateArray().Select(Single)];
}
