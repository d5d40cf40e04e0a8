using System.Text.Json.Nodes;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>A training run whose memory is estimated.</summary>
/// <param name="Family">The <c>model_type</c>.</param>
/// <param name="Objective"><c>sft</c>, <c>dpo</c>, <c>ilql</c> or <c>reward-model</c>.</param>
/// <param name="Layers">The number of blocks.</param>
/// <param name="Hidden">The width; heads are 64 wide.</param>
/// <param name="Vocabulary">The number of tokens.</param>
/// <param name="Rows">The number of sequences of a step, which is one forward pass.</param>
/// <param name="Length">The tokens of each.</param>
internal sealed record EstimateSettings(string Family, string Objective, int Layers, int Hidden, int Vocabulary, int Rows, int Length)
{
    private const int HeadSize = 64;

    /// <summary>Gets whether blocks are computed twice.</summary>
    public bool IsCheckpointed { get; init; }

    /// <summary>Gets the rank of the adapter; 0 trains the model itself.</summary>
    public int Rank { get; init; }

    /// <summary>Writes the model's configuration.</summary>
    public JsonObject Json() => Family switch
    {
        "gpt2" => new JsonObject
        {
            ["model_type"] = Family,
            ["n_layer"] = Layers,
            ["n_embd"] = Hidden,
            ["n_head"] = Hidden / HeadSize,
            ["n_positions"] = Length,
            ["vocab_size"] = Vocabulary,
        },
        _ => new JsonObject
        {
            ["model_type"] = Family,
            ["num_hidden_layers"] = Layers,
            ["hidden_size"] = Hidden,
            ["num_attention_heads"] = Hidden / HeadSize,
            ["num_key_value_heads"] = Family == "qwen2" ? Math.Max(1, Hidden / HeadSize / 4) : Hidden / HeadSize,
            ["intermediate_size"] = (Family is "llama" or "qwen2" ? 3 : 4) * Hidden,
            ["max_position_embeddings"] = Length,
            ["vocab_size"] = Vocabulary,
            ["num_labels"] = 1,
            ["relative_attention"] = true,
            ["position_buckets"] = 64,
            ["pos_att_type"] = new JsonArray("c2p", "p2c"),
            ["share_att_key"] = true,
            ["norm_rel_ebd"] = "layer_norm",
            ["position_biased_input"] = false,
        },
    };
}
