using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>Keys that stand in more than one place or under more than one name, and keys that only some families read.</summary>
[NoTensorLeak]
public sealed class ConfigurationKeyTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData("gpt_neox", """{ "rope_parameters": { "rope_type": "default", "rope_theta": 500.0, "partial_rotary_factor": 0.5 } }""")]
    [InlineData("gpt_neox", """{ "partial_rotary_factor": 0.5, "rope_theta": 500.0 }""")]
    [InlineData("gpt_neox", """{ "rotary_pct": 0.5, "rotary_emb_base": 500 }""")]
    [InlineData("gpt_neox", """{ "rotary_pct": 0.5, "rotary_emb_base": 500, "rope_parameters": { "rope_theta": 500.0, "partial_rotary_factor": 0.5 } }""")]
    public void Angles_ShareAndBaseInAnyPlace_AreTheSame(string type, string keys)
    {
        using var scope = NewDisposeScope();
        var json = Plain(type, keys);

        var frequencies = ((GptNeoXConfig)ArchitectureRegistry.Read(new ConfigFile(json, "here"))).Frequencies;

        // Heads are 16 wide: 8 dimensions turn, in 4 pairs. At position 1 the angle of pair i is 500^(-2i/8).
        var angles = frequencies.Angles(ones(1, ScalarType.Int64), ones(1, ScalarType.Int64));
        Assert.Equal([1, 4], angles.shape);
        Assert.All(angles.data<float>().Select((angle, pair) => (angle, pair)), at => Assert.Equal(Math.Pow(500, -2.0 * at.pair / 8), at.angle, Tolerance));
    }

    [Theory]
    [InlineData("""{ "rope_scaling": { "type": "linear", "factor": 2 } }""")]
    [InlineData("""{ "rope_scaling": { "rope_type": "linear", "factor": 2 } }""")]
    [InlineData("""{ "rope_parameters": { "rope_type": "linear", "factor": 2, "rope_theta": 10000.0 } }""")]
    [InlineData("""{ "rope_parameters": { "rope_type": "linear", "factor": 2 }, "rope_scaling": { "rope_type": "linear", "factor": 2 } }""")]
    public void Angles_ScalingUnderAnyName_IsTheSame(string keys)
    {
        using var scope = NewDisposeScope();

        var frequencies = ((LlamaConfig)ArchitectureRegistry.Read(new ConfigFile(Plain("llama", keys), "here"))).Frequencies;

        Assert.Equal(0.5f, frequencies.Angles(ones(1, ScalarType.Int64), ones(1, ScalarType.Int64))[0, 0].ToSingle());
    }

    [Fact]
    public void Read_TwoScalingsThatDiffer_AreRefused() => Assert.Equal(
        "'here': 'rope_parameters' and rope_scaling say different things; keep one of them.",
        Assert.Throws<InputException>(() => ArchitectureRegistry.Read(new ConfigFile(
            Plain("llama", """{ "rope_parameters": { "rope_type": "default" }, "rope_scaling": { "type": "linear", "factor": 2 } }"""), "here"))).Message);

    [Fact]
    public void Read_TrainedLengthBesideTheScaling_CountsAsInsideIt()
    {
        var inside = Yarn("""{ "rope_scaling": { "rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 64 } }""");
        var beside = Yarn("""{ "original_max_position_embeddings": 64, "rope_scaling": { "rope_type": "yarn", "factor": 4 } }""");
        Assert.Equal(inside, beside);

        static int Yarn(string keys) => ArchitectureRegistry.Read(new ConfigFile(Plain("llama", keys), "here")).MaxPositions;
    }

    // Hugging Face's code of the other families has no such layers, whatever the configuration says.
    [Theory]
    [InlineData("llama", true, true)]
    [InlineData("mistral", false, false)]
    [InlineData("qwen2", true, false)]
    [InlineData("qwen3", true, false)]
    public void Parameters_BiasesThatAreAskedFor_AreThoseTheFamilyReads(string type, bool inAttention, bool inMlp)
    {
        var names = ArchitectureRegistry.Read(new ConfigFile(Plain(type, """{ "attention_bias": true, "mlp_bias": true }"""), "here"))
            .Parameters().Select(spec => spec.Name).ToHashSet();

        Assert.Equal((inAttention, inMlp), (names.Contains("model.layers.0.self_attn.q_proj.bias"), names.Contains("model.layers.0.mlp.up_proj.bias")));
    }

    [Fact]
    public void Read_Gpt2WithTheOtherFamiliesNames_HasTheirSizes()
    {
        var config = ArchitectureRegistry.Read(new ConfigFile(
            new JsonObject { ["model_type"] = "gpt2", ["vocab_size"] = 40, ["hidden_size"] = 24, ["num_hidden_layers"] = 3, ["num_attention_heads"] = 4, ["max_position_embeddings"] = 50 }, "here"));
        Assert.Equal((24, 3, 6, 50), (config.HiddenSize, config.LayerCount, config.HeadSize, config.MaxPositions));
    }

    [Theory]
    [InlineData("LlamaForSequenceClassification", """{ "num_labels": 5 }""", 5)]
    [InlineData("LlamaForSequenceClassification", """{ "num_labels": 5, "id2label": { "0": "a", "1": "b", "2": "c" } }""", 3)]
    [InlineData("LlamaForSequenceClassification", "{}", 2)]
    [InlineData("LlamaRewardModel", """{ "num_labels": 2 }""", 1)]
    [InlineData("LlamaRewardModel", """{ "id2label": { "0": "a", "1": "b" } }""", 1)]
    public void LabelCount_OfAClass_IsWhatItsCodeReads(string name, string keys, int expected)
    {
        var json = Plain("llama", keys);
        json["architectures"] = new JsonArray(name);
        Assert.Equal(expected, ArchitectureRegistry.Read(new ConfigFile(json, "here")).LabelCount);
    }

    // By hand at x = -0.5 and 1.5.
    [Theory]
    [InlineData("tanh", -0.46211716, 0.90514825)]
    [InlineData("sigmoid", 0.37754067, 0.81757448)]
    [InlineData("relu2", 0, 2.25)]
    [InlineData("linear", -0.5, 1.5)]
    [InlineData("quick_gelu", -0.14961156, 1.3916622)]
    [InlineData("gelu_fast", -0.15428599, 1.3995715)]
    [InlineData("gelu_python", -0.15426877, 1.3997892)]
    public void Activation_ByItsName_IsTheFormula(string name, double atMinusHalf, double atOneAndAHalf)
    {
        using var scope = NewDisposeScope();
        var activate = Activation.Get(new ConfigFile(new JsonObject { ["hidden_act"] = name }, "here"), "hidden_act", "gelu");
        var values = activate(tensor([-0.5f, 1.5f])).data<float>().ToArray();
        Assert.Equal(atMinusHalf, values[0], 1e-4);
        Assert.Equal(atOneAndAHalf, values[1], 1e-4);
    }

    private static JsonObject Plain(string type, string keys)
    {
        var json = new JsonObject
        {
            ["model_type"] = type,
            ["vocab_size"] = 40,
            ["hidden_size"] = 32,
            ["intermediate_size"] = 40,
            ["num_hidden_layers"] = 1,
            ["num_attention_heads"] = 2,
            ["num_key_value_heads"] = 2,
            ["max_position_embeddings"] = 64,
        };
        foreach (var (key, value) in (JsonObject)JsonNode.Parse(keys)!)
        {
            json[key] = value?.DeepClone();
        }
        return (JsonObject)JsonNode.Parse(json.ToJsonString())!;   // as it would be read from a file
    }
}
