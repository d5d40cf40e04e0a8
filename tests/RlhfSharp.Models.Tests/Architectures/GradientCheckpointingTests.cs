using RlhfSharp.Models.Adapters;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

/// <summary>A model that computes its blocks twice has the gradients of one that keeps them.</summary>
[NoTensorLeak]
public sealed class GradientCheckpointingTests
{
    private const double Tolerance = 1e-6;   // of a parameter's gradient, relative to its norm

    // Of different lengths, so that rows are padded and masks are made; longer than the window of mistral_swa6.
    private static readonly int[][] Rows = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [6, 7], [8, 9, 10, 11, 3, 4, 5]];

    [Theory]
    [InlineData("gpt2")]
    [InlineData("gpt_neox")]
    [InlineData("llama")]
    [InlineData("llama3_rope")]
    [InlineData("mistral_swa6")]
    [InlineData("qwen2")]
    public void Backward_EveryDecoder_GradientsAreThoseWithoutIt(string fixture) =>
        AssertSame(() => ModelFixture.Named(fixture).LoadModel());

    [Theory]
    [InlineData("deberta_v3")]   // distances are a second way by which gradients flow back from every block
    [InlineData("ultrarm")]
    public void Backward_Classifier_GradientsAreThoseWithoutIt(string fixture) =>
        AssertSame(() => ModelFixture.Named(fixture).LoadClassifier());

    [Theory]
    [InlineData("gpt2", 0.0)]
    [InlineData("gpt2", 0.4)]
    [InlineData("llama", 0.4)]
    [InlineData("qwen2", 0.0)]
    public void Backward_Adapter_GradientsAndDropsAreThoseWithoutIt(string fixture, double dropout) => AssertSame(() =>
    {
        var model = ModelFixture.Named(fixture).LoadModel();
        var adapter = LoraAdapter.Create(model.Config, new LoraOptions { Rank = 3, Dropout = dropout }, isClassifier: false, "base", seed: 3, ScalarType.Float32, CPU);
        using (no_grad())
        {
            foreach (var (_, parameter) in adapter.Parameters.Tensors)
            {
                parameter.add_(0.05);   // B starts at zero, and A's gradient would be zero then
            }
        }
        model.Attach(adapter);
        adapter.BeginStep(seed: 5, step: 1);
        return model;
    });

    [Theory]
    [InlineData("gpt2", "transformer.h.1.")]   // the block below it trains nothing and gets no gradient: it is not computed twice
    [InlineData("llama", "model.layers.0.")]   // only its own parameters need gradients, its input does not
    public void Backward_OnlyOneBlockTrains_GradientsAreThoseWithoutIt(string fixture, string block) => AssertSame(() =>
    {
        var model = ModelFixture.Named(fixture).LoadModel();
        foreach (var (name, parameter) in model.Parameters.Tensors)
        {
            parameter.requires_grad_(name.StartsWith(block, StringComparison.Ordinal));
        }
        return model;
    });

    [Fact]
    public void Attach_Adapter_ModelStaysCheckpointed()
    {
        using var model = ModelFixture.Named("gpt2").LoadModel();
        model.GradientCheckpointing = true;

        model.Attach(LoraAdapter.Create(model.Config, new LoraOptions { Rank = 1 }, isClassifier: false, "base", seed: 3, ScalarType.Float32, CPU));

        Assert.True(model.GradientCheckpointing);
    }

    private static void AssertSame<TModel>(Func<TModel> load)
        where TModel : TransformerModel
    {
        var expected = Gradients(load, isCheckpointed: false);
        var actual = Gradients(load, isCheckpointed: true);
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.NotEmpty(expected);
        foreach (var (name, gradient) in expected)
        {
            var error = Norm(gradient.Zip(actual[name], (a, b) => a - b));
            Assert.True(error <= Tolerance * Norm(gradient), $"{name} differs by {error}, its norm is {Norm(gradient)}");
        }
    }

    // Two backward passes, because gradients are added up over micro-batches.
    private static Dictionary<string, double[]> Gradients<TModel>(Func<TModel> load, bool isCheckpointed)
        where TModel : TransformerModel
    {
        using var scope = NewDisposeScope();
        using var model = load();
        model.GradientCheckpointing = isCheckpointed;
        Loss(model, Rows).backward();
        Loss(model, [.. Rows.Reverse().Take(2)]).backward();
        return model.AllParameters.Where(pair => pair.Value.grad is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value.grad!.to(ScalarType.Float64).data<double>().ToArray());
    }

    // Weights that differ from place to place: the norm at the end makes plain sums of squares nearly constant.
    private static Tensor Loss(TransformerModel model, IReadOnlyList<int[]> rows)
    {
        var hidden = model.HiddenStates(rows);
        var output = model is LanguageModel language ? language.Logits(hidden) : ((SequenceClassifier)model).Scores(hidden, [.. rows.Select(row => row.Length)]);
        return (output * arange(output.numel(), dtype: ScalarType.Float32).view(output.shape).cos()).sum();
    }

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
