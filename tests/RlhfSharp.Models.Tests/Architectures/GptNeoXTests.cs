using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>Both kinds of blocks, and other parts of a head that turns, against the formulas written out in F64; the fixture has parallel blocks only.</summary>
[NoTensorLeak]
public sealed class GptNeoXTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(true, 0.25)]
    [InlineData(false, 0.25)]
    [InlineData(false, 1.0)]
    public void Logits_WithTheWeightsOfTheFixture_EqualTheFormulas(bool isParallel, double share)
    {
        using var scope = NewDisposeScope();
        using var fixture = ModelFixture.Named("gpt_neox").LoadModel();
        var json = (JsonObject)fixture.Config.File.Json.DeepClone();
        (json["use_parallel_residual"], json["rotary_pct"]) = (isParallel, share);
        var parameters = new ParameterSet();
        foreach (var (name, values) in fixture.Parameters.Tensors)
        {
            parameters.Add(name, values.detach().clone());
        }
        using var model = new LanguageModel(ArchitectureRegistry.Read(new ConfigFile(json, "here")), parameters);
        int[] tokens = [5, 17, 5, 99, 42, 3, 64];

        var logits = model.Logits(model.HiddenStates([tokens]));

        var expected = Formulas(fixture, tokens, isParallel, share);
        Assert.True((logits.to(ScalarType.Float64) - expected).abs().max().item<double>() <= Tolerance);
    }

    private static Tensor Formulas(LanguageModel model, int[] tokens, bool isParallel, double share)
    {
        Tensor Weight(string name) => model.Parameters[name].detach().to(ScalarType.Float64);
        Tensor Linear(Tensor x, string name) => x.matmul(Weight($"{name}.weight").t()) + Weight($"{name}.bias");
        Tensor Norm(Tensor x, string name)
        {
            var centred = x - x.mean([-1], keepdim: true);
            return centred / (centred.square().mean([-1], keepdim: true) + 1e-5).sqrt() * Weight($"{name}.weight") + Weight($"{name}.bias");
        }
        const int Heads = 2;
        var size = model.Config.HeadSize;
        var hidden = Weight("gpt_neox.embed_in.weight")[tensor(tokens.Select(id => (long)id).ToArray())];
        for (var layer = 0; layer < model.Config.LayerCount; layer++)
        {
            var name = $"gpt_neox.layers.{layer}.";
            var all = Linear(Norm(hidden, name + "input_layernorm"), name + "attention.query_key_value");   // [tokens, heads · 3 · size]
            var mixed = Enumerable.Range(0, Heads).Select(head =>
            {
                Tensor Part(int part) => all.narrow(1, (3 * head + part) * size, size);
                var scores = Turn(Part(0), share).matmul(Turn(Part(1), share).t()) / Math.Sqrt(size);
                var future = ones(tokens.Length, tokens.Length, ScalarType.Bool).triu(1);
                return scores.masked_fill(future, double.NegativeInfinity).softmax(1).matmul(Part(2));
            });
            var attended = hidden + Linear(cat([.. mixed], 1), name + "attention.dense");
            var input = Linear(Norm(isParallel ? hidden : attended, name + "post_attention_layernorm"), name + "mlp.dense_h_to_4h");
            hidden = attended + Linear(input * 0.5 * (1 + (input / Math.Sqrt(2)).erf()), name + "mlp.dense_4h_to_h");
        }
        return Norm(hidden, "gpt_neox.final_layer_norm").matmul(Weight("embed_out.weight").t());
    }

    // As complex numbers: pair i is (x[i], x[i + half]).
    private static Tensor Turn(Tensor x, double share)
    {
        var turning = (int)(x.size(1) * share);
        var half = turning / 2;
        var result = x.clone();
        for (var position = 0; position < x.size(0); position++)
        {
            for (var i = 0; i < half; i++)
            {
                var angle = position * Math.Pow(10000, -2.0 * i / turning);
                result[position, i] = x[position, i] * Math.Cos(angle) - x[position, i + half] * Math.Sin(angle);
                result[position, i + half] = x[position, i + half] * Math.Cos(angle) + x[position, i] * Math.Sin(angle);
            }
        }
        return result;
    }
}
