using RlhfSharp.Models.Heads;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Tests.Loop;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Objectives;

[NoTensorLeak]
public sealed class IlqlProbeTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(30, true)]
    [InlineData(16384, true)]
    [InlineData(30, false)]
    public void Read_AnyBatches_EqualsWhatTrainingComputes(int tokensPerBatch, bool twoQs)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = TinyModels.CreateWithIlqlHeads(twoQs);
        var dialogues = TinyModels.Dialogues(6);

        var results = IlqlProbe.Read(model, dialogues, tokensPerBatch);

        Assert.Equal(dialogues.Count, results.Count);
        foreach (var (dialogue, result) in dialogues.Zip(results))
        {
            var inputs = IlqlTask.Inputs(model, model.Head<IlqlHeads>()!, DialogueBatch.Collate([dialogue], CPU));
            AssertClose(inputs.TargetQ.data<float>().ToArray(), result.TargetQ);
            AssertClose(inputs.Values.data<float>().ToArray(), result.Values);
            Assert.Equal((dialogue.AnswerLength, dialogue.AnswerLength + 1), (result.TargetQ.Count, result.Values.Count));
        }
    }

    [Fact]
    public void Read_ModelWithoutHeads_IsRefused()
    {
        using var model = TinyModels.Create();
        Assert.Throws<ArgumentException>(() => IlqlProbe.Read(model, TinyModels.Dialogues(1), 100));
    }

    [Fact]
    public void Read_Cancelled_Throws()
    {
        using var model = TinyModels.CreateWithIlqlHeads();
        Assert.Throws<OperationCanceledException>(() => IlqlProbe.Read(model, TinyModels.Dialogues(2), 100, new CancellationToken(canceled: true)));
    }

    private static void AssertClose(float[] expected, IReadOnlyList<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
}
