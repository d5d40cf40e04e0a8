using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Loop;

[NoTensorLeak]
public sealed class TrainingLoopTests
{
    [Fact]
    public void TakeStep_Reports_CountStepsPassesAndTokens()
    {
        var dialogues = TinyModels.Dialogues(10);
        using var model = TinyModels.Create();
        using var loop = new TrainingLoop(new SupervisedFineTuningTask(model, dialogues),
            new LoopOptions { RowsPerStep = 4, LogEvery = 2, MaxSteps = 5 }, new OptimizerOptions(), seed: 0);

        var reports = Enumerable.Range(0, 5).Select(_ => loop.TakeStep()).ToList();

        Assert.Equal([1, 2, 3, 4, 5], reports.Select(report => report.Step));
        Assert.Equal([1 / 3.0, 2 / 3.0, 1, 4 / 3.0, 5 / 3.0], reports.Select(report => report.Epoch));
        Assert.Equal(dialogues.Sum(dialogue => dialogue.Tokens.Length), reports.Take(3).Sum(report => report.Tokens));
        Assert.Equal([true, true, false, true, true], reports.Select(report => report.Metrics is not null));   // the first, each second, the last
        Assert.Equal(["loss", "learning_rate", "grad_norm"], reports[0].Metrics!.Keys);
    }

    [Fact]
    public void TakeStep_TwoRowsOverAndOver_LearnsThemByHeart()
    {
        using var model = TinyModels.Create();
        using var loop = new TrainingLoop(new SupervisedFineTuningTask(model, TinyModels.Dialogues(2)), new LoopOptions { LogEvery = 1 },
            new OptimizerOptions { LearningRate = 1e-2 }, seed: 0);

        var losses = Enumerable.Range(0, 60).Select(_ => loop.TakeStep().Metrics!["loss"]).ToList();

        Assert.True(losses[0] > 3, $"{losses[0]}");   // about the logarithm of the vocabulary, 40
        Assert.True(losses[^1] < 0.1, $"{losses[^1]}");
    }

    [Fact]
    public void TakeStep_RestoredAtStepThree_GoesOnBitForBit()
    {
        using var scope = NewDisposeScope();
        var (options, optimizerOptions) = (new LoopOptions { RowsPerStep = 3 }, new OptimizerOptions { WarmupSteps = 4, LearningRate = 1e-2 });
        using var model = TinyModels.Create();
        using var again = TinyModels.Create();
        using var loop = new TrainingLoop(new SupervisedFineTuningTask(model, TinyModels.Dialogues(8)), options, optimizerOptions, seed: 7);
        for (var step = 0; step < 3; step++)
        {
            loop.TakeStep();
        }
        using var resumed = new TrainingLoop(new SupervisedFineTuningTask(again, TinyModels.Dialogues(8)), options, optimizerOptions, 7) { Step = 3 };
        using (no_grad())
        {
            foreach (var (name, parameter) in again.AllParameters)
            {
                parameter.copy_(model.Parameters[name]);
            }
        }
        var state = loop.Optimizer.State().ToDictionary();
        resumed.Optimizer.Restore(name => state[name]);

        for (var step = 0; step < 4; step++)
        {
            Assert.Equal(loop.TakeStep().Tokens, resumed.TakeStep().Tokens);
        }

        Assert.All(TinyModels.Values(model).Zip(TinyModels.Values(again)), pair => Assert.Equal(pair.First.Value, pair.Second.Value));
    }

    [Fact]
    public void TakeStep_LossIsNoNumber_KeepsTheWeightsAndNamesTheRows()
    {
        using var model = TinyModels.CreateWithIlqlHeads();
        var dialogues = TinyModels.Dialogues(10);
        dialogues[4].Rewards![^1] = double.NaN;
        using var loop = new TrainingLoop(new IlqlTask(model, dialogues, new IlqlOptions()), new LoopOptions { RowsPerStep = 10 },
            new OptimizerOptions { LearningRate = 5e-4 }, seed: 0);
        var before = TinyModels.Values(model);

        var exception = Assert.Throws<DivergedException>(loop.TakeStep);

        Assert.StartsWith("Step 1: gradient norm is NaN; weights not updated. Rows of this step: made-up:", exception.Message,
            StringComparison.Ordinal);
        Assert.EndsWith(" and 2 more. Resume from the last checkpoint with a lower optimizer.learningRate (now 0.0005).", exception.Message,
            StringComparison.Ordinal);
        Assert.Equal((1, 10, 0), (exception.Step, exception.Rows.Count, loop.Step));
        Assert.All(TinyModels.Values(model), pair => Assert.Equal(before[pair.Key], pair.Value));
        Assert.All(model.AllParameters, pair =>
        {
            using var scope = NewDisposeScope();
            Assert.Equal(0, pair.Value.grad?.abs().sum().ToDouble() ?? 0);
        });
    }

    // Warm-up lets the allocator and the first moments settle.
    [Fact]
    public void TakeStep_ThreeHundredTimes_MemoryStaysFlat()
    {
        const long Allowed = 2 << 20;
        using var model = TinyModels.CreateWithIlqlHeads();
        using var loop = new TrainingLoop(
            new IlqlTask(model, TinyModels.Dialogues(64), new IlqlOptions { StepsForTargetQSync = 1 }),
            new LoopOptions { RowsPerStep = 8, TokensPerMicroBatch = 40 }, new OptimizerOptions(), seed: 0);
        void Take(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                loop.TakeStep();
            }
        }
        Take(100);
        var tensors = Tensor.TotalCount;

        // One window may hold a growth of the managed heap; a leak grows in each.
        var growth = Enumerable.Range(0, 5).Select(_ =>
        {
            var before = ProcessMemory.Anonymous;
            Take(60);
            return ProcessMemory.Anonymous - before;
        }).Order().ToList();

        Assert.Equal(tensors, Tensor.TotalCount);
        Assert.SkipUnless(ProcessMemory.IsKnown, "needs /proc/self/status");
        Assert.True(growth[2] < Allowed, $"bytes per 60 steps: {string.Join(", ", growth)}");
    }
}
