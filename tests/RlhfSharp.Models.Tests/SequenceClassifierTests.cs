using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Models.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests;

[NoTensorLeak]
public sealed class SequenceClassifierTests
{
    [Theory]
    [InlineData("gpt2", "GPT2")]
    [InlineData("gpt_neox", "GPTNeoX")]
    [InlineData("llama", "Llama")]
    [InlineData("mistral_swa6", "Mistral")]
    [InlineData("qwen2", "Qwen2")]
    public void Scores_CausalFamily_AreTheHeadAtEachRowsLastToken(string fixture, string family)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = SequenceClassifier.Create(Config(fixture, $"{family}ForSequenceClassification", labels: 3), seed: 1, ScalarType.Float32, CPU);
        int[][] rows = [[1, 2, 3, 4, 5], [6], [7, 8, 9]];

        var scores = model.Scores(rows);

        Assert.Equal([3, 3], scores.shape);
        foreach (var (index, row) in rows.Index())
        {
            var last = model.HiddenStates([row])[row.Length - 1];
            var expected = model.Parameters["score.weight"].matmul(last);
            Assert.True((expected - scores[index]).abs().max().ToSingle() < 1e-5);
        }
    }

    [Theory]
    [InlineData("gpt2", "GPT2")]
    [InlineData("gpt_neox", "GPTNeoX")]
    [InlineData("llama", "Llama")]
    public void Save_CausalFamily_HasAScoreAndNoOutputLayer(string fixture, string family)
    {
        using var folder = TestFiles.NewFolder();
        using var model = SequenceClassifier.Create(Config(fixture, $"{family}ForSequenceClassification", labels: 1), seed: 1, ScalarType.Float32, CPU);

        Checkpoint.Save(model, folder.Path);

        using var reader = SafetensorsReader.Open(folder.File(Checkpoint.WeightsFileName));
        Assert.Equal([1, model.Config.HiddenSize], reader.Entries["score.weight"].Shape);
        Assert.DoesNotContain(reader.Entries.Keys, name => name is "lm_head.weight" or "embed_out.weight");
        using var again = Checkpoint.LoadClassifier(folder.Path, ScalarType.Float32, CPU);
        Assert.Equal(model.Parameters.Names, again.Parameters.Names);
    }

    [Theory]
    [InlineData("{\"0\": \"LABEL_0\"}", null, "LlamaForSequenceClassification", 1)]
    [InlineData(null, 5, "LlamaForSequenceClassification", 5)]
    [InlineData(null, null, "LlamaForSequenceClassification", 2)]
    [InlineData(null, null, "LlamaRewardModel", 1)]
    public void LabelCount_AsHuggingFaceReadsIt(string? labels, int? number, string name, int expected)
    {
        var json = SavedFolder.Config("llama").Json;
        json["architectures"] = new System.Text.Json.Nodes.JsonArray(name);
        json["id2label"] = labels is null ? null : System.Text.Json.Nodes.JsonNode.Parse(labels);
        json["num_labels"] = number;

        Assert.Equal(expected, ArchitectureRegistry.Read(new ConfigFile(json, "here")).LabelCount);
    }

    [Fact]
    public void Load_TheOtherKind_IsRefusedByName()
    {
        using var scope = NewDisposeScope();
        var classifier = ModelFixture.Named("ultrarm").Folder;
        var languageModel = ModelFixture.Named("llama").Folder;

        var needsModel = Assert.Throws<InputException>(() => Checkpoint.Load(classifier, ScalarType.Float32, CPU));
        var needsClassifier = Assert.Throws<InputException>(() => Checkpoint.LoadClassifier(languageModel, ScalarType.Float32, CPU));

        Assert.EndsWith("'architectures' is 'LlamaRewardModel', a classifier; here a language model is needed (…ForCausalLM, …LMHeadModel).", needsModel.Message, StringComparison.Ordinal);
        Assert.EndsWith("'architectures' is 'LlamaForCausalLM', a language model; here a classifier is needed (…ForSequenceClassification, LlamaRewardModel).", needsClassifier.Message, StringComparison.Ordinal);
    }

    private static ModelConfig Config(string fixture, string name, int labels)
    {
        var json = SavedFolder.Config(fixture).Json;
        json["architectures"] = new System.Text.Json.Nodes.JsonArray(name);
        json["num_labels"] = labels;
        return ArchitectureRegistry.Read(new ConfigFile(json, "here"));
    }
}
