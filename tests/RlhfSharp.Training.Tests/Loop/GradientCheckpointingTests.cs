using System.Text.Json.Nodes;
using RlhfSharp.Models;
using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Loop;

/// <summary>The option of the loop changes what a step keeps in memory, and nothing else of it.</summary>
[NoTensorLeak]
public sealed class GradientCheckpointingTests
{
    private const int Rows = 9;
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData("sft", -1)]
    [InlineData("sft", 1)]   // the lower block is frozen
    [InlineData("ilql", -1)]
    [InlineData("ilql", 0)]  // only heads train
    [InlineData("dpo", -1)]
    [InlineData("kto", -1)]
    [InlineData("reward-model", -1)]
    public void TakeStep_EveryObjective_GradientIsTheSame(string objective, int unfrozenLayers)
    {
        var expected = Step(objective, unfrozenLayers, isCheckpointed: false);
        var actual = Step(objective, unfrozenLayers, isCheckpointed: true);

        Assert.Equal(expected.Keys, actual.Keys);
        Assert.NotEmpty(expected);
        foreach (var (name, gradient) in expected)
        {
            var error = Norm(gradient.Zip(actual[name], (a, b) => a - b));
            Assert.True(error <= Tolerance * Norm(gradient), $"{name} differs by {error}, its norm is {Norm(gradient)}");
        }
    }

    [Fact]
    public void TakeStep_AdapterWithDropout_WeightsAfterManyStepsAreTheSame()
    {
        float[] Train(bool isCheckpointed)
        {
            using var scope = NewDisposeScope();
            using var model = TinyModels.Create();
            model.Attach(LoraAdapter.Create(model.Config, new LoraOptions { Rank = 2, Dropout = 0.3 }, isClassifier: false, "base", seed: 3, ScalarType.Float32, CPU));
            using var loop = new TrainingLoop(new SupervisedFineTuningTask(model, TinyModels.Dialogues(Rows)), Options(isCheckpointed), new OptimizerOptions { LearningRate = 1e-3 }, seed: 0);
            for (var step = 0; step < 10; step++)
            {
                loop.TakeStep();
            }
            return [.. model.Adapter!.Parameters.Tensors.SelectMany(pair => pair.Value.detach().data<float>().ToArray())];
        }

        Assert.All(Train(false).Zip(Train(true)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void TakeStep_FourHundredSteps_NoTensorAndNoMemoryStaysBehind()
    {
        using var model = TinyModels.Create();
        using var loop = new TrainingLoop(
            new SupervisedFineTuningTask(model, TinyModels.Dialogues(40)), new LoopOptions { RowsPerStep = 40, GradientCheckpointing = true }, new OptimizerOptions(), seed: 0);
        void Train(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                loop.TakeStep();
            }
        }
        Train(400);   // gradients, moments, compiled code and the heap's own holes are there now
        var (tensors, bytes) = (Tensor.TotalCount, ProcessMemory.Anonymous);

        Train(400);

        Assert.True(Tensor.TotalCount <= tensors, $"{Tensor.TotalCount - tensors} tensors more");
        // A step keeps the inputs of two blocks, 16 wide, of some 450 tokens: left behind, those of 400 steps would be 23 MB. The heap itself may grow by a hole or two.
        Assert.InRange(ProcessMemory.Anonymous - bytes, long.MinValue, 8 << 20);
    }

    [Fact]
    public void TakeStep_ManyBlocks_ActivationsTakeAFractionOfTheMemory()
    {
        Assert.SkipUnless(ProcessMemory.IsKnown, "needs /proc/self");
        long Peak(bool isCheckpointed)
        {
            using var model = Deep();
            using var loop = new TrainingLoop(
                new SupervisedFineTuningTask(model, Long(16)), new LoopOptions { RowsPerStep = 16, GradientCheckpointing = isCheckpointed }, new OptimizerOptions(), seed: 0);
            loop.TakeStep();   // gradients and moments stay
            return ProcessMemory.PeakOf(() => loop.TakeStep());
        }

        var (kept, computedAgain) = (Peak(false), Peak(true));

        // 2048 tokens, 64 wide: a block keeps about 20 such matrices of 0.5 MB, of which one is its input. What the heap cannot use again is part of it.
        Assert.True(computedAgain < kept / 2, $"{computedAgain >> 20} MB with checkpointing, {kept >> 20} MB without");
    }

    private static LoopOptions Options(bool isCheckpointed) => new() { RowsPerStep = Rows, TokensPerMicroBatch = 60, GradientCheckpointing = isCheckpointed };

    // After one step AdamW's mean is (1 − β₁) times the gradient.
    private static Dictionary<string, double[]> Step(string objective, int unfrozenLayers, bool isCheckpointed)
    {
        using var scope = NewDisposeScope();
        var dialogues = TinyModels.Dialogues(Rows);
        using TransformerModel model = objective switch
        {
            "ilql" => TinyModels.CreateWithIlqlHeads(),
            "reward-model" => Checkpoint.StartClassifier(ModelFixture.Named("llama").Folder, labelCount: 1, seed: 1, ScalarType.Float32, CPU),
            _ => TinyModels.Create(),
        };
        LayerFreezing.Apply(model, unfrozenLayers);
        ITrainingTask task = (objective, model) switch
        {
            ("ilql", LanguageModel language) => new IlqlTask(language, dialogues, new IlqlOptions()),
            ("dpo", LanguageModel language) => new DpoTask(language, [.. dialogues.Zip(dialogues.Skip(1), (chosen, rejected) => new TokenizedPair(chosen, rejected))], new DpoOptions()),
            ("kto", LanguageModel language) => new KtoTask(language, dialogues, new KtoOptions()),
            (_, SequenceClassifier classifier) => new RewardModelTask(
                classifier, [.. dialogues.Select(row => new RewardPair(row.Source, row.Id, row.Tokens, [.. row.Tokens.Reverse().Skip(1)]))], new RewardModelOptions()),
            _ => new SupervisedFineTuningTask((LanguageModel)model, dialogues),
        };
        using var loop = new TrainingLoop(task, Options(isCheckpointed), new OptimizerOptions { MaxGradNorm = 0 }, seed: 0);
        loop.TakeStep();
        return loop.Optimizer.State().Where(pair => pair.Key.EndsWith("/mean", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => pair.Value.data<float>().ToArray().Select(value => (double)value).ToArray());
    }

    private static LanguageModel Deep()
    {
        var json = new JsonObject
        {
            ["model_type"] = "llama",
            ["vocab_size"] = 100,
            ["hidden_size"] = 64,
            ["intermediate_size"] = 192,
            ["num_hidden_layers"] = 12,
            ["num_attention_heads"] = 4,
        };
        return LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed: 1, ScalarType.Float32, CPU);
    }

    private static List<TokenizedDialogue> Long(int rows) => [.. Enumerable.Range(0, rows).Select(row => new TokenizedDialogue
    {
        Id = $"{row}",
        Group = $"{row}",
        Source = new RowSource("made-up", row + 1),
        Tokens = [.. Enumerable.Range(0, 128).Select(token => (row + token) % 100)],
        IsAnswer = [.. Enumerable.Range(0, 128).Select(token => token > 0)],
    })];

    private static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
