using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives.Unpaired;

[NoTensorLeak]
public sealed class KtoTests
{
    [Theory]
    [InlineData(KtoLoss.Kto, 0.8, 1, 0.4850045)]
    [InlineData(KtoLoss.Kto, -0.3, 0, 0.4875026)]
    [InlineData(KtoLoss.ApoZeroUnpaired, 0.8, 1, 0.4800107)]   // 1 − σ(0.08)
    [InlineData(KtoLoss.ApoZeroUnpaired, -0.3, 0, 0.4925006)]  // σ(−0.03)
    public void Loss_OneAnswer_EqualsPeers(KtoLoss type, float reward, float isDesirable, double expected)
    {
        using var scope = NewDisposeScope();
        var output = Kto.Loss(tensor(new[] { -5 + reward }), tensor(new[] { -5f }), tensor(new[] { isDesirable }), kl: 0.2, new KtoOptions { LossType = type });

        Assert.Equal(expected, output.LossSum.ToDouble(), 1e-6);
    }

    [Fact]
    public void Loss_Weights_CountEachSide()
    {
        using var scope = NewDisposeScope();
        double Loss(double good, double bad) => Kto.Loss(
            zeros(2), zeros(2), tensor(new[] { 1f, 0f }), kl: 0, new KtoOptions { DesirableWeight = good, UndesirableWeight = bad }).LossSum.ToDouble();

        Assert.Equal(0.5 * (3 + 2), Loss(3, 2), 1e-6);
    }

    // Right answers and mismatched ones are two lists, kept apart; what a second task finds there it does not compute.
    [Fact]
    public void New_ReferenceKept_IsNotComputedAgain()
    {
        using var scope = NewDisposeScope();
        using var folder = TestFiles.NewFolder();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        double Loss()
        {
            var task = new KtoTask(model, Answers(), new KtoOptions(), new ContentStore(folder.Path));
            task.BeginStep([0, 1, 2, 3]);
            return task.Forward([0, 1, 2, 3], CPU).LossSum.ToDouble();
        }
        var first = Loss();
        var files = Directory.GetFiles(folder.Path);

        Assert.Equal(2, files.Length);
        Assert.Equal(first, Loss());
        foreach (var file in files)
        {
            File.WriteAllText(file, "[[-1000, 0, 0, 0]]");   // a reference that finds the first answer unlikely and all others certain
        }
        Assert.True(Math.Abs(Loss() - first) > 0.1);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Forward_AnySplitOfAStep_SameGradients()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        var task = new KtoTask(model, Answers(), new KtoOptions());
        Spoil(model);
        task.BeginStep([0, 1, 2, 3]);

        task.Forward([0, 1, 2, 3], CPU).LossSum.backward();
        var whole = GradientNorm(model);
        task.Forward([3], CPU).LossSum.backward();
        task.Forward([1, 0, 2], CPU).LossSum.backward();

        Assert.True(whole > 0);
        Assert.Equal(1, GradientNorm(model) / whole, 1e-5);
    }

    [Fact]
    public void TakeStep_FourAnswers_GoodOnesRiseAndBadOnesFall()
    {
        using var model = ModelFixture.Named("gpt2").LoadModel();
        using var loop = new TrainingLoop(new KtoTask(model, Answers(), new KtoOptions()), new LoopOptions { RowsPerStep = 4, LogEvery = 1 }, new OptimizerOptions { LearningRate = 1e-3 }, seed: 0);

        var metrics = Enumerable.Range(0, 20).Select(_ => loop.TakeStep().Metrics!).ToList();

        Assert.Equal(0.5, metrics[0]["loss"], 1e-4);   // no difference to the reference yet, and so no divergence
        Assert.Equal(0, metrics[0]["kl"], 1e-4);
        Assert.True(metrics[^1]["rewards/chosen"] > 0.3 && metrics[^1]["rewards/rejected"] < -0.3, $"{metrics[^1]["rewards/chosen"]} and {metrics[^1]["rewards/rejected"]}");
    }

    [Fact]
    public void New_AnswerWithoutLabel_SaysWhich()
    {
        using var model = ModelFixture.Named("gpt2").LoadModel();
        var answers = Answers();
        answers[2] = answers[2] with { Rewards = null };

        Assert.Contains("fixture:3", Assert.Throws<InputException>(() => new KtoTask(model, answers, new KtoOptions())).Message, StringComparison.Ordinal);
    }

    private static List<TokenizedDialogue> Answers()
    {
        var random = new NamedRandom(0, "answers");
        return [.. Enumerable.Range(0, 4).Select(row =>
        {
            var length = 6 + random.Next(5);
            var rewards = new double[length];
            rewards[^1] = row % 2 == 0 ? 1 : -1;
            return new TokenizedDialogue
            {
                Id = $"{row}",
                Group = $"{row}",
                Source = new RowSource("fixture", row + 1),
                Tokens = [.. Enumerable.Range(0, length).Select(_ => random.Next(90))],
                IsAnswer = [.. Enumerable.Range(0, length).Select(token => token >= 3)],
                Rewards = rewards,
            };
        })];
    }

    private static void Spoil(LanguageModel model)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in model.Parameters.Tensors)
        {
            parameter.mul_(1.1);
        }
    }

    private static double GradientNorm(LanguageModel model)
    {
        var sum = 0.0;
        foreach (var (_, parameter) in model.Parameters.Tensors)
        {
            using var gradient = parameter.grad;
            sum += gradient is null ? 0 : gradient.square().sum().ToDouble();
            gradient?.zero_();
        }
        return Math.Sqrt(sum);
    }
}
