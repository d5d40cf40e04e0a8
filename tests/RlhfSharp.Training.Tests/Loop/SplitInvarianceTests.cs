using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Loop;

/// <summary>A step's gradient and metrics are those of its rows, however they are cut into forward passes and in whatever order they come.</summary>
[NoTensorLeak]
public sealed class SplitInvarianceTests
{
    private const int Rows = 9;
    private const double Tolerance = 1e-5;   // relative, per parameter
    private static readonly OptimizerOptions Optimizer = new() { MaxGradNorm = 0 };

    public static TheoryData<ReturnTarget, double, bool> IlqlSettings => new()
    {
        { ReturnTarget.OneStep, 0, true },
        { ReturnTarget.OneStep, 0.5, false },
        { ReturnTarget.Lambda, 0.5, true },
        { ReturnTarget.MonteCarlo, 0.5, true },
        { ReturnTarget.MonteCarlo, 0, false },
    };

    [Theory]
    [MemberData(nameof(IlqlSettings))]
    public void TakeStep_Ilql_GradientDoesNotDependOnTheSplit(ReturnTarget targets, double beta, bool twoQs)
    {
        var options = new IlqlOptions { Targets = targets, Beta = beta, TwoQs = twoQs };
        AssertInvariant(() => TinyModels.CreateWithIlqlHeads(twoQs), (model, rows) => new IlqlTask(model, rows, options));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TakeStep_SupervisedFineTuning_GradientDoesNotDependOnTheSplit(bool isTied) =>
        AssertInvariant(() => TinyModels.Create(isTied), (model, rows) => new SupervisedFineTuningTask(model, rows));

    private static void AssertInvariant(Func<LanguageModel> create, Func<LanguageModel, IReadOnlyList<TokenizedDialogue>, ITrainingTask> wire)
    {
        var dialogues = TinyModels.Dialogues(Rows);
        var whole = Run(create, wire, dialogues, tokensPerMicroBatch: 16384);
        Assert.All(whole.Gradients.Values, gradient => Assert.Contains(gradient, value => value != 0));

        foreach (var budget in new[] { 1, 25, 60 })
        {
            AssertSame(whole, Run(create, wire, dialogues, budget), $"micro-batches of {budget} tokens");
        }
        AssertSame(whole, Run(create, wire, [.. dialogues.AsEnumerable().Reverse()], tokensPerMicroBatch: 40), "rows in another order");
    }

    // After one step AdamW's mean is (1 − β₁) times the gradient.
    private static (Dictionary<string, double[]> Gradients, IReadOnlyDictionary<string, double> Metrics) Run(
        Func<LanguageModel> create, Func<LanguageModel, IReadOnlyList<TokenizedDialogue>, ITrainingTask> wire,
        IReadOnlyList<TokenizedDialogue> dialogues, int tokensPerMicroBatch)
    {
        using var scope = NewDisposeScope();
        using var model = create();
        using var loop = new TrainingLoop(
            wire(model, dialogues), new LoopOptions { RowsPerStep = Rows, TokensPerMicroBatch = tokensPerMicroBatch }, Optimizer, seed: 0);
        var metrics = loop.TakeStep().Metrics!;
        var gradients = loop.Optimizer.State().Where(pair => pair.Key.EndsWith("/mean", StringComparison.Ordinal)).ToDictionary(
            pair => pair.Key, pair => pair.Value.data<float>().ToArray().Select(value => value / (1 - Optimizer.Beta1)).ToArray());
        return (gradients, metrics);
    }

    private static void AssertSame(
        (Dictionary<string, double[]> Gradients, IReadOnlyDictionary<string, double> Metrics) expected,
        (Dictionary<string, double[]> Gradients, IReadOnlyDictionary<string, double> Metrics) actual,
        string what)
    {
        var largest = expected.Gradients.Values.Max(Norm);
        foreach (var (name, gradient) in expected.Gradients)
        {
            var error = Norm([.. gradient.Zip(actual.Gradients[name], (a, b) => a - b)]);
            // Gradients that are zero but for rounding, such as that of the keys' bias, are measured against the others.
            Assert.True(error <= Tolerance * Math.Max(Norm(gradient), 1e-3 * largest),
                $"{what}: {name} differs by {error}, its norm is {Norm(gradient)}");
        }
        Assert.Equal(expected.Metrics.Keys, actual.Metrics.Keys);
        Assert.All(expected.Metrics, metric => Assert.True(
            Math.Abs(metric.Value - actual.Metrics[metric.Key]) <= Tolerance * Math.Max(1, Math.Abs(metric.Value)),
            $"{what}: {metric.Key} is {actual.Metrics[metric.Key]}, not {metric.Value}"));
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
