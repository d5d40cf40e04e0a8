using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Loop;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Training.Tests.Loop;

[NoTensorLeak]
public sealed class LayerFreezingTests
{
    private static readonly string[] Heads = ["ilql_heads.v_head", "ilql_heads.q_heads.0", "ilql_heads.q_heads.1"];

    [Theory]
    [InlineData(-1, true, "transformer.wte", "transformer.wpe", "transformer.h.0", "transformer.h.1", "transformer.ln_f")]
    [InlineData(-1, false, "transformer.wte", "transformer.wpe", "transformer.h.0", "transformer.h.1", "transformer.ln_f", "lm_head")]
    [InlineData(2, true, "transformer.h.0", "transformer.h.1", "transformer.ln_f")]
    [InlineData(1, true, "transformer.h.1", "transformer.ln_f")]
    [InlineData(1, false, "transformer.h.1", "transformer.ln_f", "lm_head")]
    [InlineData(0, true)]
    [InlineData(0, false)]
    public void Apply_ThenAStep_MovesTheUpperBlocksAndTheHeads(int unfrozenLayers, bool isTied, params string[] moving)
    {
        using var model = TinyModels.CreateWithIlqlHeads(isTied: isTied);
        LayerFreezing.Apply(model, unfrozenLayers);
        var before = TinyModels.Values(model);
        var task = new IlqlTask(model, TinyModels.Dialogues(8), new IlqlOptions { TargetSync = TargetSync.Never });
        using var loop = new TrainingLoop(task, new LoopOptions(),
            new OptimizerOptions { WeightDecay = 0.1, Decay = WeightDecayScope.All, LearningRate = 1e-2 }, seed: 0);

        loop.TakeStep();

        var after = TinyModels.Values(model);
        var moved = before.Where(pair => !pair.Value.SequenceEqual(after[pair.Key])).Select(pair => pair.Key);
        Assert.Equal(before.Keys.Where(name => moving.Concat(Heads).Any(prefix => name.StartsWith(prefix + ".", StringComparison.Ordinal))), moved);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(3)]
    public void Apply_MoreBlocksThanThereAre_IsRefused(int unfrozenLayers)
    {
        using var model = TinyModels.Create();
        Assert.Equal(
            $"model.unfrozenLayers is {unfrozenLayers}; the model has 2 blocks. Allowed: -1 (all) and 0 to 2.",
            Assert.Throws<InputException>(() => LayerFreezing.Apply(model, unfrozenLayers)).Message);
    }

    [Fact]
    public void TrainingLoop_EverythingFrozen_IsRefused()
    {
        using var model = TinyModels.Create();   // tied, and without heads
        LayerFreezing.Apply(model, 0);
        var task = new SupervisedFineTuningTask(model, TinyModels.Dialogues(2));
        Assert.Equal(
            "Nothing is left to train: all parameters are frozen. Raise model.unfrozenLayers.",
            Assert.Throws<InputException>(() => new TrainingLoop(task, new LoopOptions(), new OptimizerOptions(), seed: 0)).Message);
    }
}
