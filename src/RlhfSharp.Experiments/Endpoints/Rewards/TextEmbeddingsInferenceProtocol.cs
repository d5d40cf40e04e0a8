using System.Text.Json;
using System.Text.Json.Nodes;

namespace RlhfSharp.Experiments.Endpoints;

/// <summary>text-embeddings-inference's <c>/predict</c> (huggingface.github.io/text-embeddings-inference).</summary>
internal sealed class TextEmbeddingsInferenceProtocol : RewardProtocol
{
    public override string Path => "/predict";

    public override bool TakesPairs => true;

    public override JsonObject Ask(string? model, IReadOnlyList<RewardText> texts, bool asPairs) => new()
    {
        ["inputs"] = new JsonArray([.. texts.Select(text => asPairs && text.Prompt.Length > 0 ? new JsonArray(text.Prompt, text.Answer) : new JsonArray(text.Whole))]),
        ["raw_scores"] = true,
        ["truncate"] = true,
    };

    public override IReadOnlyList<double> Read(JsonElement answer) => [.. answer.EnumerateArray().Select(ReadRow)];

    private static double ReadRow(JsonElement row) => row.GetArrayLength() == 1
        ? row[0].GetProperty("score").GetDouble()
        : throw new FormatException($"{row.GetArrayLength()} scores came for one text; a reward model gives one");
}
