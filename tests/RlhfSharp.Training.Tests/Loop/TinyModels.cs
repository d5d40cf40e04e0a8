using System.Text.Json.Nodes;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Loop;

/// <summary>New GPT-2 models of two blocks, and dialogues for them.</summary>
internal static class TinyModels
{
    public const int Hidden = 16;
    public const int Vocabulary = 40;

    public static LanguageModel Create(bool isTied = true, int vocabulary = Vocabulary, ScalarType type = ScalarType.Float32)
    {
        // A wide initialisation makes gradients that are far from zero.
        var json = new JsonObject
        {
            ["model_type"] = "gpt2", ["vocab_size"] = vocabulary, ["n_embd"] = Hidden, ["n_layer"] = 2, ["n_head"] = 2, ["n_positions"] = 64,
            ["initializer_range"] = 0.3, ["tie_word_embeddings"] = isTied,
        };
        return LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed: 1, type, CPU);
    }

    public static LanguageModel CreateWithIlqlHeads(bool twoQs = true, bool isTied = true, int vocabulary = Vocabulary)
    {
        var model = Create(isTied, vocabulary);
        model.Add(IlqlHeads.Create(Hidden, vocabulary, twoQs, seed: 2, ScalarType.Float32, CPU));
        return model;
    }

    /// <summary>Draws dialogues of 3 to 20 tokens, some with two answers, each answer token rewarded.</summary>
    public static List<TokenizedDialogue> Dialogues(int count, int vocabulary = Vocabulary, long seed = 0)
    {
        var random = new NamedRandom(seed, "dialogues");
        return [.. Enumerable.Range(0, count).Select(row =>
        {
            var length = 3 + random.Next(18);
            var isAnswer = Enumerable.Range(0, length).Select(token => token > 0 && random.Next(3) > 0).ToArray();
            isAnswer[^1] = true;
            return new TokenizedDialogue
            {
                Id = $"row-{row}",
                Group = $"row-{row}",
                Source = new RowSource("made-up", row + 1),
                Tokens = [.. Enumerable.Range(0, length).Select(_ => random.Next(vocabulary))],
                IsAnswer = isAnswer,
                Rewards = [.. isAnswer.Select(answer => answer ? random.NextGaussian() : 0)],
                RewardedTokens = [.. isAnswer.Index().Where(token => token.Item).Select(token => token.Index)],
            };
        })];
    }

    public static Dictionary<string, float[]> Values(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        return model.AllParameters.ToDictionary(pair => pair.Key, pair => pair.Value.detach().to(ScalarType.Float32).data<float>().ToArray());
    }
}
