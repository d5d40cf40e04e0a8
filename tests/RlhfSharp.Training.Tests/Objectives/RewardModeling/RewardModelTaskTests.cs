using RlhfSharp.Models;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives.RewardModeling;

[NoTensorLeak]
public sealed class RewardModelTaskTests
{
    [Theory]
    [InlineData("llama")]
    [InlineData("deberta_v3")]
    public void Forward_AnySplitOfTheRows_SameLossAndGradients(string fixture)
    {
        using var scope = NewDisposeScope();
        using var model = Model(fixture);
        var task = new RewardModelTask(model, Pairs(9), new RewardModelOptions { CenterRewardsCoefficient = 0.01 });

        var (wholeLoss, whole) = Gradients(model, task, [[0, 1, 2, 3, 4, 5, 6, 7, 8]]);
        var (splitLoss, split) = Gradients(model, task, [[3], [8, 0], [7, 1, 2, 4], [6, 5]]);

        Assert.Equal(wholeLoss, splitLoss, 1e-4);
        Assert.All(whole.Zip(split), pair => Assert.InRange((pair.First - pair.Second).abs().max().ToDouble(), 0, 1e-5 * Math.Max(1, pair.First.abs().max().ToDouble())));
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("deberta_v3")]
    public void TakeStep_AFewPairsOverAndOver_LearnsThemByHeart(string fixture)
    {
        using var model = Model(fixture);
        using var loop = new TrainingLoop(new RewardModelTask(model, Pairs(6), new RewardModelOptions()), new LoopOptions { LogEvery = 1, RowsPerStep = 6 }, new OptimizerOptions { LearningRate = 3e-3 }, seed: 0);

        var reports = Enumerable.Range(0, 60).Select(_ => loop.TakeStep()).ToList();

        Assert.True(reports[0].Metrics!["loss"] > 0.3);
        Assert.True(reports[^1].Metrics!["loss"] < 0.1, $"{reports[^1].Metrics!["loss"]}");
        Assert.Equal(1, reports[^1].Metrics!["accuracy"]);
    }

    private static SequenceClassifier Model(string fixture) => fixture == "deberta_v3"
        ? ModelFixture.Named(fixture).LoadClassifier()
        : Checkpoint.StartClassifier(ModelFixture.Named(fixture).Folder, labelCount: 1, seed: 1, ScalarType.Float32, CPU);

    private static List<RewardPair> Pairs(int count)
    {
        var random = new NamedRandom(0, "pairs");
        int[] Draw() => [.. Enumerable.Range(0, 1 + random.Next(20)).Select(_ => random.Next(100))];
        return [.. Enumerable.Range(0, count).Select(row => new RewardPair(new RowSource("made-up", row + 1), $"{row}", Draw(), Draw()))];
    }

    private static (double Loss, List<Tensor> Gradients) Gradients(SequenceClassifier model, RewardModelTask task, int[][] batches)
    {
        var loss = 0.0;
        foreach (var rows in batches)
        {
            using var scope = NewDisposeScope();
            var sum = task.Forward(rows, CPU).LossSum;
            sum.backward();
            loss += sum.ToDouble();
        }
        var gradients = new List<Tensor>();
        foreach (var (_, parameter) in model.Parameters.Tensors)
        {
            using var gradient = parameter.grad!;
            gradients.Add(gradient.clone());
            gradient.zero_();
        }
        return (loss, gradients);
    }
}
