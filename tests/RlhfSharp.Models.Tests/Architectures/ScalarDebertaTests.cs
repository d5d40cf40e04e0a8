using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>The settings of DeBERTa that no fixture of the peer's own code has, against a slow and obvious computation.</summary>
[NoTensorLeak]
public sealed class ScalarDebertaTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "share_att_key": false }""")]
    [InlineData("""{ "share_att_key": false, "pos_att_type": ["c2p"] }""")]
    [InlineData("""{ "pos_att_type": ["p2c"], "norm_rel_ebd": "none" }""")]
    [InlineData("""{ "position_buckets": -1, "max_relative_positions": 5 }""")]
    [InlineData("""{ "position_buckets": -1 }""")]
    [InlineData("""{ "position_biased_input": true, "type_vocab_size": 2 }""")]
    [InlineData("""{ "embedding_size": 12 }""")]
    [InlineData("""{ "attention_head_size": 10, "id2label": { "0": "a", "1": "b", "2": "c" } }""")]
    [InlineData("""{ "relative_attention": false, "position_biased_input": true }""")]
    public void Scores_OfTextsOfDifferentLengths_EqualTheSlowComputation(string changes)
    {
        var json = Configuration(changes);
        var config = ArchitectureRegistry.Read(new ConfigFile(json, "here"));
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = new SequenceClassifier(config, RandomParameters(config));
        var random = new NamedRandom(3, "texts");
        var texts = new[] { 17, 1, 9 }.Select(length => Enumerable.Range(0, length).Select(_ => random.Next(40)).ToArray()).ToArray();

        var scores = model.Scores(texts).to(ScalarType.Float64);

        Assert.Equal([3, config.LabelCount], scores.shape);
        var expected = texts.SelectMany(text => new ScalarDeberta(json, model.Parameters).Scores(text)).ToArray();
        Assert.All(expected.Zip(scores.data<double>()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    [Theory]
    [InlineData("c2p|p2c")]
    [InlineData("p2c | c2p")]
    public void Read_PositionKindsWithBars_AsInAList(string kinds)
    {
        var json = Configuration("{}");
        json["pos_att_type"] = kinds;

        var config = (DebertaV2Config)ArchitectureRegistry.Read(new ConfigFile(json, "here"));

        Assert.True(config is { AddsContentToPosition: true, AddsPositionToContent: true });
    }

    private static JsonObject Configuration(string changes)
    {
        var json = new JsonObject
        {
            ["model_type"] = "deberta-v2",
            ["vocab_size"] = 40,
            ["hidden_size"] = 16,
            ["intermediate_size"] = 20,
            ["num_hidden_layers"] = 2,
            ["num_attention_heads"] = 4,
            ["hidden_act"] = "relu",
            ["pooler_hidden_act"] = "relu",
            ["layer_norm_eps"] = 1e-7,
            ["max_position_embeddings"] = 24,
            ["max_relative_positions"] = -1,
            ["position_buckets"] = 6,
            ["relative_attention"] = true,
            ["position_biased_input"] = false,
            ["share_att_key"] = true,
            ["norm_rel_ebd"] = "layer_norm",
            ["type_vocab_size"] = 0,
            ["pos_att_type"] = new JsonArray("c2p", "p2c"),
        };
        foreach (var (key, value) in JsonNode.Parse(changes)!.AsObject())
        {
            json[key] = value?.DeepClone();
        }
        return json;
    }

    // Larger than a new model's, so that attention is far from even and every term shows.
    private static ParameterSet RandomParameters(ModelConfig config) => ParameterSet.Create(
        config.ClassifierParameters().Select(spec => spec with { Initialization = Initialization.Normal(spec.Shape.Length == 1 ? 0.7 : 0.4) }), seed: 4, ScalarType.Float32, CPU);
}
