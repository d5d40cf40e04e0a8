using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>A configuration that asks for another computation is refused by the name of the key: a model that runs wrong is worse than
/// none.</summary>
public sealed class UnsupportedFeatureTests
{
    [Theory]
    [InlineData("llama", "model_type", "\"llma\"", "is 'llma', which is not implemented. Did you mean 'llama'? Allowed: deberta-v2, gpt2, gpt_neox, llama, mistral, qwen2, qwen3.")]
    [InlineData("llama", "model_type", "\"\"", "is '', which is not implemented. Allowed: deberta-v2, gpt2, gpt_neox, llama, mistral, qwen2, qwen3.")]
    [InlineData("llama", "quantization_config", "{\"bits\":4}", "is {\"bits\":4}, which is not implemented.")]
    [InlineData("llama", "rope_scaling", "{\"rope_type\":\"longrope\"}",
        "asks for positions scaled by 'longrope', which is not implemented; allowed: default, linear, dynamic, llama3, yarn.")]
    [InlineData("llama", "rope_parameters", "{\"type\":\"su\"}",
        "asks for positions scaled by 'su', which is not implemented; allowed: default, linear, dynamic, llama3, yarn.")]
    [InlineData("llama", "partial_rotary_factor", "0.25", "is 0.25, which is not implemented for this family; only 1 is.")]
    [InlineData("gpt_neox", "rope_scaling", "{\"type\":\"su\"}",
        "asks for positions scaled by 'su', which is not implemented; allowed: default, linear, dynamic, llama3, yarn.")]
    [InlineData("llama", "rope_parameters", "{\"full_attention\":{\"rope_type\":\"default\"}}",
        "has a part for 'full_attention' alone, which is not implemented; only the same positions in all layers are.")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\":\"default\",\"partial_rotary_factor\":0.5}", null)]
    [InlineData("qwen2", "layer_types", "[\"full_attention\",\"chunked_attention\"]",
        "names 'chunked_attention', which is not implemented; allowed: full_attention, sliding_attention.")]
    [InlineData("llama", "attn_logit_softcapping", "50.0", "is 50.0, which is not implemented.")]
    [InlineData("llama", "final_logit_softcapping", "30.0", "is 30.0, which is not implemented.")]
    [InlineData("llama", "use_qk_norm", "true", "is true, which is not implemented; only false is.")]
    [InlineData("llama", "alibi", "true", "is true, which is not implemented; only false is.")]
    [InlineData("llama", "pruned_heads", "{\"0\":[1]}", "is {\"0\":[1]}, which is not implemented; only {} is.")]
    [InlineData("gpt2", "add_cross_attention", "true", "is true, which is not implemented; only false is.")]
    [InlineData("gpt2", "is_encoder_decoder", "true", "is true, which is not implemented; only false is.")]
    [InlineData("gpt2", "position_embedding_type", "\"relative_key\"", "is \"relative_key\", which is not implemented; only \"absolute\" is.")]
    [InlineData("gpt2", "activation_function", "\"gelu_10\"", "is 'gelu_10', which is not implemented.")]
    [InlineData("llama", "hidden_act", "\"sillu\"", "is 'sillu', which is not implemented. Did you mean 'silu'?")]
    [InlineData("llama", "architectures", "[\"LlamaForQuestionAnswering\"]",
        "is 'LlamaForQuestionAnswering', which is not implemented; only …ForCausalLM, …LMHeadModel, …ForSequenceClassification, LlamaRewardModel are.")]
    [InlineData("deberta_v3", "conv_kernel_size", "3", "asks for a convolution beside the first block, which is not implemented; only 0 is.")]
    [InlineData("deberta_v3", "pos_att_type", "\"p2p\"", "holds 'p2p', which is not implemented; only c2p and p2c are.")]
    [InlineData("deberta_v3", "pooler_hidden_size", "16", "is not hidden_size (32); only that is implemented.")]
    public void Read_UnsupportedFeature_IsNamed(string fixture, string key, string json, string? message)
    {
        var exception = Assert.Throws<UnsupportedModelException>(() => Read(fixture, key, json));
        if (message is null)   // inside a section, under a key of its own
        {
            Assert.StartsWith("'here': 'partial_rotary_factor' is 0.5, which is not implemented", exception.Message, StringComparison.Ordinal);
            return;
        }
        Assert.StartsWith($"'here': '{key}' {message}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2", "n_embd", "30", "is 30, which 4 heads (n_head) do not divide.")]
    [InlineData("llama", "num_key_value_heads", "3", "is 3, which does not divide the 4 heads (num_attention_heads).")]
    [InlineData("llama", "head_dim", "7", "is 7; rotary positions need an even number.")]
    [InlineData("llama", "vocab_size", "null", "is missing.")]
    [InlineData("llama", "rope_theta", "\"x\"", "is \"x\", expected a number.")]
    [InlineData("llama", "rope_theta", "1", "is 1; it must be above 1.")]
    [InlineData("mistral", "sliding_window", "0", "is 0, expected a whole number from 1 up.")]
    [InlineData("gpt_neox", "rotary_pct", "0.1", "is 0.1: of a head's 16 dimensions 1 would turn; it must be 2 to all.")]
    [InlineData("deberta_v3", "hidden_size", "33", "is 33, which 4 heads (num_attention_heads) do not divide.")]
    [InlineData("deberta_v3", "position_buckets", "1", "is 1; it must be at least 2, or up to 0 for none.")]
    [InlineData("gpt2", "hidden_size", "64", "is 64, and n_embd is 32; keep one of them.")]
    [InlineData("llama", "rope_scaling", "\"linear\"", "is \"linear\", expected an object.")]
    [InlineData("qwen2", "layer_types", "[\"full_attention\",\"sliding_attention\"]",
        "names sliding_attention, but use_sliding_window and sliding_window give no window.")]
    [InlineData("gpt_neox", "hidden_size", "33", "is 33, which 2 heads (num_attention_heads) do not divide.")]
    public void Read_ImpossibleSize_IsNamed(string fixture, string key, string json, string message) =>
        Assert.Equal($"'here': '{key}' {message}", Assert.Throws<InputException>(() => Read(fixture, key, json)).Message);

    [Theory]
    [InlineData("{\"rope_type\":\"linear\"}", "factor", "is missing.")]
    [InlineData("{\"factor\":2}", "rope_type", "is missing beside factor.")]
    [InlineData("{\"rope_type\":\"linear\",\"factor\":2,\"rope_theta\":500.0}", "rope_theta", "is 500, and rope_theta outside is 10000; keep one of them.")]
    [InlineData("{\"rope_type\":\"linear\",\"factor\":0.5}", "factor", "is 0.5; it must be 1 or more.")]
    [InlineData("{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":4,\"high_freq_factor\":4}", "high_freq_factor", "is 4; it must be above low_freq_factor, 4.")]
    public void Read_ImpossibleScaling_IsNamed(string json, string key, string message) => Assert.Equal(
        $"'here, rope_scaling': '{key}' {message}", Assert.Throws<InputException>(() => Read("llama", "rope_scaling", json)).Message);

    [Fact]
    public void Read_WrongValueInASection_NamesFileAndSection() => Assert.Equal(
        "'here, rope_parameters': 'rope_theta' is \"x\", expected a number.",
        Assert.Throws<InputException>(() => Read("llama", "rope_parameters", "{\"rope_theta\":\"x\"}")).Message);

    [Fact]
    public void Read_HeadsDoNotDivideTheWidth_AsksForHeadDim()
    {
        var json = Json("llama");
        json.Remove("head_dim");
        json["hidden_size"] = 30;
        Assert.Equal(
            "'here': 'hidden_size' is 30, which 4 heads (num_attention_heads) do not divide; give head_dim.",
            Assert.Throws<InputException>(() => ArchitectureRegistry.Read(new ConfigFile(json, "here"))).Message);
    }

    [Theory]
    [InlineData("llama", "rope_scaling", "{\"rope_type\":\"default\"}")]
    [InlineData("llama", "rope_parameters", "{\"rope_type\":\"default\",\"rope_theta\":10000.0}")]
    [InlineData("llama", "partial_rotary_factor", "1.0")]
    [InlineData("gpt2", "pruned_heads", "{}")]
    [InlineData("gpt2", "quantization_config", "null")]
    [InlineData("gpt2", "unknown_key", "{\"anything\":[1,2]}")]
    public void Read_FeatureThatIsOff_IsFine(string fixture, string key, string json) => Assert.Equal(32, Read(fixture, key, json).HiddenSize);

    private static ModelConfig Read(string fixture, string key, string json)
    {
        var config = Json(fixture);
        config[key] = JsonNode.Parse(json);
        return ArchitectureRegistry.Read(new ConfigFile(config, "here"));
    }

    private static JsonObject Json(string fixture) =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(ModelFixture.Named(fixture).Folder, ConfigFile.FileName)))!;
}
