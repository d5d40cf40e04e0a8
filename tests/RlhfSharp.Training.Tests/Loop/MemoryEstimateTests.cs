using RlhfSharp.Models;
using RlhfSharp.Models.Adapters;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Loop;

[NoTensorLeak]
public sealed class MemoryEstimateTests
{
    private const long Block = 12 * 16 * 16 + 13 * 16;                                   // GPT-2's, 16 wide: four matrices, biases and norms
    private const long Parameters = (TinyModels.Vocabulary + 64) * 16 + 2 * Block + 32;   // embeddings, two blocks, the last norm

    [Fact]
    public void Of_WholeModel_CountsFourNumbersPerParameter()
    {
        using var model = TinyModels.Create();
        var estimate = Estimate(model);
        Assert.Equal((4 * Parameters, 0, 4 * Parameters, 8 * Parameters), (estimate.Weights, estimate.Reference, estimate.Gradients, estimate.Optimizer));
        Assert.Equal(estimate.Weights + estimate.Gradients + estimate.Optimizer + estimate.Activations, estimate.Peak);
    }

    [Fact]
    public void Of_Adapter_ItAloneHasGradientsAndMoments()
    {
        using var model = TinyModels.Create();
        model.Attach(LoraAdapter.Create(model.Config, new LoraOptions { Rank = 2 }, isClassifier: false, "base", seed: 0, ScalarType.Float32, CPU));
        var estimate = Estimate(model);
        const long Adapter = 2 * 2 * (16 + 48 + 16 + 16 + 16 + 64 + 64 + 16);   // two blocks, rank 2, inputs and outputs of four layers
        Assert.Equal((4 * (Parameters + Adapter), 4 * Adapter, 8 * Adapter), (estimate.Weights, estimate.Gradients, estimate.Optimizer));
    }

    [Fact]
    public void Of_Bfloat16_CountsF32CopiesOfTheWeights()
    {
        using var model = TinyModels.Create(type: ScalarType.BFloat16);
        var estimate = Estimate(model);
        Assert.Equal((2 * Parameters, 2 * Parameters, 12 * Parameters), (estimate.Weights, estimate.Gradients, estimate.Optimizer));
    }

    [Fact]
    public void Of_Sampling_CountsACopyOfTheModelAndItsCache()
    {
        using var model = TinyModels.Create();
        var options = new RlooOptions { PromptsPerRound = 8, MaxNewTokens = 6 };
        var estimate = MemoryEstimate.Of(model, options, new LoopOptions(), [.. Enumerable.Repeat(16, options.RowsPerRound)], longestPrompt: 10, seed: 0);
        Assert.Equal(4 * Parameters, estimate.Reference);
        Assert.True(estimate.Sampling > 0);
    }

    // By hand: norms' inputs 2, their results 2, queries, keys, values and attention's result 4, and twice the inner layer of 4: 16 times the width.
    [Fact]
    public void CountBlock_Gpt2_IsWhatItsOperationsSave()
    {
        using var model = TinyModels.Create();
        Assert.Equal(20 * 16 * 16, model.CountBlock(0, [10, 10]).Kept);
        Assert.Equal(20 * 17 * 16, model.CountBlock(0, [8, 12]).Kept);   // padding: attention's result is copied back
        Assert.Equal(20 * (10 + 2 * 4) * 16, model.CountBlock(0, [10, 10]).Made);   // two norms, three parts, attention, two layers, two sums; twice the inner layer
        LayerFreezing.Apply(model, 1);
        Assert.Equal((0, 20 * 18 * 16), (model.CountBlock(0, [10, 10]).Kept, model.CountBlock(0, [10, 10]).Made));
        Assert.Equal(20 * 16 * 16, model.CountBlock(1, [10, 10]).Kept);
    }

    [Theory]
    [InlineData(0, ScalarType.Float32)]
    [InlineData(2, ScalarType.Float32)]
    [InlineData(0, ScalarType.BFloat16)]
    public void Of_WeightsGradientsMoments_AreTheBytesOfAStep(int rank, ScalarType type)
    {
        const int StepCounters = sizeof(float);   // one of a parameter, beside its moments
        using var scope = NewDisposeScope();
        using var model = TinyModels.Create(type: type);
        if (rank > 0)
        {
            model.Attach(LoraAdapter.Create(model.Config, new LoraOptions { Rank = rank }, isClassifier: false, "base", seed: 0, ScalarType.Float32, CPU));
        }
        var estimate = Estimate(model);
        using var loop = new TrainingLoop(
            new SupervisedFineTuningTask(model, TinyModels.Dialogues(8)), new LoopOptions { RowsPerStep = 8 }, new OptimizerOptions(), seed: 0);
        loop.TakeStep();

        var parameters = model.AllParameters.Select(pair => pair.Value).ToList();
        var trained = parameters.Where(parameter => parameter.requires_grad).ToList();
        Assert.Equal(estimate.Weights, parameters.Sum(Bytes));
        Assert.Equal(estimate.Gradients, trained.Sum(parameter => Bytes(parameter.grad!)));   // cleared, but still there
        Assert.Equal(estimate.Optimizer, loop.Optimizer.State().Sum(pair => Bytes(pair.Value)) - trained.Count * StepCounters);

        static long Bytes(Tensor tensor) => tensor.numel() * tensor.element_size();
    }

    [Fact]
    public void Of_GradientCheckpointing_ActivationsChangePlaces()
    {
        using var model = TinyModels.Create();
        var (kept, computedAgain) = (Estimate(model), Estimate(model, isCheckpointed: true));
        Assert.True(computedAgain.Activations < kept.Activations);
        Assert.Equal((kept.Activations, kept.OtherwiseActivations), (computedAgain.OtherwiseActivations, computedAgain.Activations));
    }

    private static MemoryEstimate Estimate(TransformerModel model, bool isCheckpointed = false) => MemoryEstimate.Of(
        model, new SupervisedFineTuningOptions(), new LoopOptions { GradientCheckpointing = isCheckpointed }, [.. Enumerable.Repeat(64, 400)], longestPrompt: 0, seed: 0);
}
