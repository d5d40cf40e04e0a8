using System.Text.Json.Nodes;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Workloads;

/// <summary>The size of a GPT-2 with random weights.</summary>
internal sealed record ModelShape(int Layers, int Hidden, int AttentionHeads, int Vocabulary, int Positions)
{
    private const long Seed = 0;

    /// <summary>Gets the shape the peers were measured with.</summary>
    public static ModelShape Small { get; } = new(Layers: 4, Hidden: 256, AttentionHeads: 4, Vocabulary: 4096, Positions: 512);

    /// <summary>Gets GPT-2 small.</summary>
    public static ModelShape Gpt2 { get; } = new(Layers: 12, Hidden: 768, AttentionHeads: 12, Vocabulary: 50257, Positions: 1024);

    /// <summary>Gets the small shape with GPT-2's vocabulary: full logits weigh most here.</summary>
    public static ModelShape LargeVocabulary { get; } = Small with { Vocabulary = Gpt2.Vocabulary };

    /// <summary>Gets a shape whose activations weigh more than its parameters.</summary>
    public static ModelShape Deep { get; } = new(Layers: 12, Hidden: 384, AttentionHeads: 6, Vocabulary: 4096, Positions: 512);

    /// <summary>Draws the model.</summary>
    /// <param name="ilql">Whether it has a value head, two Q heads and their targets.</param>
    /// <returns>The model, in F32 on the CPU; the caller owns it.</returns>
    public LanguageModel Create(bool ilql)
    {
        var model = LanguageModel.Create(Config(), Seed, ScalarType.Float32, CPU);
        if (ilql)
        {
            model.Add(IlqlHeads.Create(Hidden, Vocabulary, twoQs: true, Seed, ScalarType.Float32, CPU));
        }
        return model;
    }

    /// <summary>Draws a reward model.</summary>
    /// <returns>The model, in F32 on the CPU; the caller owns it.</returns>
    public SequenceClassifier CreateClassifier() => SequenceClassifier.Create(Config(), Seed, ScalarType.Float32, CPU);

    private Gpt2Config Config()
    {
        var json = new JsonObject
        {
            ["model_type"] = "gpt2",
            ["n_layer"] = Layers,
            ["n_embd"] = Hidden,
            ["n_head"] = AttentionHeads,
            ["n_positions"] = Positions,
            ["vocab_size"] = Vocabulary,
            ["num_labels"] = 1,
        };
        return new Gpt2Config(new ConfigFile(json, "the benchmark's model"));
    }
}
