using System.Text.Json.Nodes;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Tests.Support;

/// <summary>Llamas of a few thousand random weights, whose tokens are characters or bytes.</summary>
internal static class TinyLlama
{
    private const int Positions = 4096;   // a dialogue has some hundred characters
    private const int ShortContext = 128;

    /// <summary>Writes a language model.</summary>
    public static void WriteLanguageModel(string path) => Write(path, "LlamaForCausalLM", config => LanguageModel.Create(config, seed: 1, ScalarType.Float32, CPU));

    /// <summary>Writes a reward model of UltraRM's kind.</summary>
    public static void WriteUltraRm(string path) => Write(path, "LlamaRewardModel", config => SequenceClassifier.Create(config, seed: 2, ScalarType.Float32, CPU));

    /// <summary>Writes a classifier whose weights are large enough for scores to differ, and whose context is short.</summary>
    public static void WriteRewardModel(string path, int labels) => Write(
        path,
        "LlamaForSequenceClassification",
        config => SequenceClassifier.Create(config, seed: 2, ScalarType.Float32, CPU),
        Characters(),
        json => (json["num_labels"], json["initializer_range"], json["max_position_embeddings"]) = (labels, 0.3, ShortContext));

    /// <summary>Writes a reward model that reads any text: its tokens are bytes.</summary>
    public static void WriteRewardModelOfBytes(string path) => Write(
        path,
        "LlamaForSequenceClassification",
        config => SequenceClassifier.Create(config, seed: 2, ScalarType.Float32, CPU),
        new ByteLevelBpeTrainer { VocabularySize = 260, EosToken = "<end>", BosToken = "<end>" }.Train(["a text"]));

    private static void Write(string path, string modelClass, Func<ModelConfig, TransformerModel> create) => Write(path, modelClass, create, Characters());

    private static Tokenizer Characters() => TokenizerFactory.FromCharacters(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Append('\n'), "<end>", "<pad>");

    private static void Write(string path, string modelClass, Func<ModelConfig, TransformerModel> create, Tokenizer tokenizer, Action<JsonObject>? change = null)
    {
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "models", "llama", ConfigFile.FileName)))!.AsObject();
        json["architectures"] = new JsonArray(modelClass);
        json["num_labels"] = 1;
        json["vocab_size"] = tokenizer.VocabularySize;
        json["max_position_embeddings"] = Positions;
        change?.Invoke(json);
        using var model = create(ArchitectureRegistry.Read(new ConfigFile(json, "here")));
        Checkpoint.Save(model, path);
        tokenizer.Save(path);
    }
}
