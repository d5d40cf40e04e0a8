using System.Text.Json.Nodes;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Tokenization;
using static TorchSharp.torch;

namespace RlhfSharp.Cli.Tests.Support;

/// <summary>A reward model of a few thousand random weights, whose tokens are characters.</summary>
internal static class TinyRewardModel
{
    /// <summary>Writes the checkpoint.</summary>
    public static void Write(string path, int labels)
    {
        var tokenizer = TokenizerFactory.FromCharacters(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Append('\n'), "<end>", "<pad>");
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(TestFiles.Fixtures, "models", "llama", ConfigFile.FileName)))!.AsObject();
        json["architectures"] = new JsonArray("LlamaForSequenceClassification");
        json["num_labels"] = labels;
        json["vocab_size"] = tokenizer.VocabularySize;
        json["initializer_range"] = 0.3;   // large enough for scores to differ
        using var model = SequenceClassifier.Create(ArchitectureRegistry.Read(new ConfigFile(json, "here")), seed: 2, ScalarType.Float32, CPU);
        Checkpoint.Save(model, path);
        tokenizer.Save(path);
    }
}
