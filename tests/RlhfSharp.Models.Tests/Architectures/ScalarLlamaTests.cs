using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>What no fixture of the peer's own code shows, against a slow and obvious computation; and that one against the fixtures.</summary>
[NoTensorLeak]
public sealed class ScalarLlamaTests
{
    /// <summary>The family that has no fixture.</summary>
    public const string OnlyHere = "qwen3";

    private const double Tolerance = 1e-4;

    public static TheoryData<string, string> Configurations => new()
    {
        { "qwen3", "{}" },
        { "qwen3", """{ "attention_bias": true, "tie_word_embeddings": true, "head_dim": 6, "num_key_value_heads": 4 }""" },
        { "qwen3", """{ "use_sliding_window": true, "sliding_window": 3, "layer_types": ["full_attention", "sliding_attention"] }""" },
        { "qwen2", """{ "use_sliding_window": true, "sliding_window": 4, "max_window_layers": 1 }""" },
        { "qwen2", """{ "use_sliding_window": false, "sliding_window": 4, "max_window_layers": 0 }""" },
        { "mistral", """{ "sliding_window": 5 }""" },
        { "mistral", """{ "sliding_window": 1 }""" },
        { "llama", """{ "attention_bias": true }""" },
        { "llama", """{ "rope_scaling": { "rope_type": "linear", "factor": 2.5 } }""" },
        { "llama", """{ "max_position_embeddings": 6, "rope_scaling": { "rope_type": "dynamic", "factor": 4 } }""" },
        { "llama", """{ "rope_scaling": { "rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 16 } }""" },
        { "qwen2", """{ "rope_scaling": { "rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 8, "beta_fast": 2, "beta_slow": 0.25 } }""" },
        { "llama", """{ "rope_scaling": { "rope_type": "yarn", "factor": 4, "original_max_position_embeddings": 64, "attention_factor": 1.5 } }""" },
        { "llama", """{ "rope_theta": 100.0, "rope_scaling": { "rope_type": "yarn", "factor": 2, "original_max_position_embeddings": 32 } }""" },
    };

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Logits_OfTextsOfDifferentLengths_EqualTheSlowComputation(string type, string changes)
    {
        var json = Configuration(type, changes);
        using var scope = NewDisposeScope();
        using var model = new LanguageModel(ArchitectureRegistry.Read(new ConfigFile(json, "here")), RandomParameters(json));
        var random = new NamedRandom(3, "texts");
        var texts = new[] { 11, 1, 7 }.Select(length => Enumerable.Range(0, length).Select(_ => random.Next(40)).ToArray()).ToArray();

        var logits = model.Logits(model.HiddenStates(texts)).to(ScalarType.Float64);

        var expected = texts.SelectMany(text => new ScalarLlama(json, model.Parameters).Logits(text)).ToArray();
        Assert.Equal(expected.Length, logits.size(0));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.All(expected[i].Zip(logits[i].data<double>()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("llama3_rope")]
    [InlineData("mistral_swa6")]
    [InlineData("qwen2")]
    public void SlowComputation_OfAFixture_EqualsPeer(string name)
    {
        var fixture = ModelFixture.Named(name);
        using var model = fixture.LoadModel();
        var batch = fixture.Expected.GetProperty("nopad");
        var tokens = batch.GetProperty("input_ids")[0].EnumerateArray().Select(id => id.GetInt32()).ToArray();
        var json = (JsonObject)model.Config.File.Json.DeepClone();
        json["head_dim"] ??= model.Config.HeadSize;

        var actual = new ScalarLlama(json, model.Parameters).Logits(tokens);

        var expected = batch.GetProperty("logits")[0].EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()));
        Assert.All(expected.Zip(actual), row => Assert.All(row.First.Zip(row.Second), pair => Assert.Equal(pair.First, pair.Second, Tolerance)));
    }

    [Theory]
    [InlineData("linear", 2.5, 320)]
    [InlineData("dynamic", 2.0, 256)]
    [InlineData("yarn", 4.0, 256)]
    [InlineData("llama3", 8.0, 128)]
    public void MaxPositions_ScaledPositions_ReachAsFarAsTheScaling(string type, double factor, int expected)
    {
        var scaling = new JsonObject { ["rope_type"] = type, ["factor"] = factor, ["original_max_position_embeddings"] = 64 };

        var config = ArchitectureRegistry.Read(new ConfigFile(Configuration("llama", new JsonObject { ["rope_scaling"] = scaling }.ToJsonString()), "here"));

        Assert.Equal(expected, config.MaxPositions);
    }

    private static JsonObject Configuration(string type, string changes)
    {
        var json = new JsonObject
        {
            ["model_type"] = type,
            ["vocab_size"] = 40,
            ["hidden_size"] = 24,
            ["intermediate_size"] = 40,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 2,
            ["head_dim"] = 8,
            ["max_position_embeddings"] = 128,
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
        };
        foreach (var (key, value) in (JsonObject)JsonNode.Parse(changes)!)
        {
            json[key] = value?.DeepClone();
        }
        return (JsonObject)JsonNode.Parse(json.ToJsonString())!;   // as it would be read from a file
    }

    // Gains and biases too, so that a missing one shows.
    private static ParameterSet RandomParameters(JsonObject json)
    {
        var specs = ArchitectureRegistry.Read(new ConfigFile(json, "here")).Parameters();
        return ParameterSet.Create(specs.Select(spec => spec with { Initialization = Initialization.Normal(0.4) }), seed: 5, ScalarType.Float32, CPU);
    }
}
