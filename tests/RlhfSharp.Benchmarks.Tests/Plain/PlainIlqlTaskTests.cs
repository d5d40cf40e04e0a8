using RlhfSharp.Benchmarks.Plain;
using RlhfSharp.Benchmarks.Workloads;
using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Tests.Plain;

[NoTensorLeak]
public class PlainIlqlTaskTests
{
    private static readonly ModelShape Shape = new(Layers: 2, Hidden: 16, AttentionHeads: 2, Vocabulary: 50, Positions: 32);

    [Fact]
    public void Forward_RaggedBatch_LossAndGradientsEqualOurs()
    {
        var dialogues = RandomText.Dialogues(5, promptLength: 3, shortest: 4, longest: 12, Shape.Vocabulary);
        // Unlike a benchmark's settings, none of these hides a term, and targets differ from Q.
        var options = new IlqlOptions { Tau = 0.8, Gamma = 0.9, CqlScale = 0.5, AwacScale = 0.7, Beta = 0.3 };
        using var model = Shape.Create(ilql: true);
        using (no_grad())
        {
            var heads = model.Head<IlqlHeads>()!;
            foreach (var name in heads.FrozenNames)
            {
                heads.Parameters[name].mul_(1.5);
            }
        }
        var ours = new IlqlTask(model, dialogues, options);

        var (ourLoss, ourGradients) = Differentiate(ours);
        var (plainLoss, plainGradients) = Differentiate(new PlainIlqlTask(ours, dialogues, options));

        Assert.Equal(plainLoss, ourLoss, 1e-4 * Math.Abs(plainLoss));
        Assert.Equal(plainGradients.Keys, ourGradients.Keys);
        Assert.All(plainGradients, pair => Assert.Equal(0, Distance(pair.Value, ourGradients[pair.Key]), 1e-4));
    }

    private static (double Loss, Dictionary<string, float[]> Gradients) Differentiate(ITrainingTask task)
    {
        using var scope = NewDisposeScope();
        var loss = task.Forward([0, 1, 2, 3, 4], CPU).LossSum;
        loss.backward();
        var gradients = new Dictionary<string, float[]>();
        foreach (var (name, parameter) in task.Model.AllParameters)
        {
            if (parameter.grad is { } gradient)
            {
                gradients[name] = gradient.data<float>().ToArray();
                gradient.zero_();
            }
        }
        return (loss.ToDouble(), gradients);
    }

    // Relative, over a whole parameter.
    private static double Distance(float[] expected, float[] actual)
    {
        var difference = Math.Sqrt(expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Sum());
        return difference / Math.Max(1e-3, Math.Sqrt(expected.Sum(value => value * (double)value)));
    }
}
