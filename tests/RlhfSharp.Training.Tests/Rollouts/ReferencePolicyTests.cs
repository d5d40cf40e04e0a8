using RlhfSharp.Models.Adapters;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Tests.Rollouts;

[NoTensorLeak]
public sealed class ReferencePolicyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LogProbs_PolicyHasMoved_AreStillThoseOfTheStart(bool hasAdapter)
    {
        using var scope = NewDisposeScope();
        using var policy = ModelFixture.Named("gpt2").LoadModel();
        if (hasAdapter)
        {
            policy.Attach(Adapter(policy.Config));
        }
        using var reference = ReferencePolicy.Of(policy);
        var batch = DialogueBatch.Collate([Dialogue()], CPU);
        var start = SupervisedFineTuningTask.LogProbs(policy, batch).detach();

        Move(policy);

        Assert.Equal(0, (reference.LogProbs(new BranchedBatch(policy.Config, [[Dialogue()]], CPU)) - start).abs().max().ToDouble(), 1e-6);
        Assert.True((SupervisedFineTuningTask.LogProbs(policy, batch) - start).abs().max().ToDouble() > 1e-3);
    }

    [Fact]
    public void Of_TrainedAdapter_SaysToMergeItFirst()
    {
        using var scope = NewDisposeScope();
        using var policy = ModelFixture.Named("gpt2").LoadModel();
        policy.Attach(Adapter(policy.Config));
        Move(policy);

        Assert.Contains("rlhf merge", Assert.Throws<InputException>(() => ReferencePolicy.Of(policy)).Message, StringComparison.Ordinal);
    }

    private static LoraAdapter Adapter(Models.Architectures.ModelConfig config) => LoraAdapter.Create(config, new LoraOptions { Rank = 2 }, isClassifier: false, "base", seed: 0, ScalarType.Float32, CPU);

    private static void Move(Models.LanguageModel policy)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in policy.AllParameters.Where(parameter => parameter.Value.requires_grad))
        {
            parameter.add_(0.05);
        }
    }

    private static TokenizedDialogue Dialogue() => new()
    {
        Id = "d",
        Group = "d",
        Source = new RowSource("made up", 1),
        Tokens = [1, 2, 3, 4, 5, 6],
        IsAnswer = [false, false, false, true, true, true],
    };
}
