using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Heads;

[NoTensorLeak]
public sealed class ValueHeadTests
{
    [Fact]
    public void Save_ModelWithValueHead_LoadsWithTheSameValues()
    {
        using var scope = NewDisposeScope();
        using var folder = TestFiles.NewFolder();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        model.Add(ValueHead.Create(model.Config.HiddenSize, seed: 1, ScalarType.Float32, CPU));
        var hidden = randn([5, model.Config.HiddenSize], generator: new Generator(0));
        var values = model.Head<ValueHead>()!.Values(hidden);

        Checkpoint.Save(model, folder.Path);
        using var loaded = Checkpoint.Load(folder.Path, ScalarType.Float32, CPU);

        Assert.Equal([5], values.shape);
        Assert.True(values.std().ToDouble() > 0);
        Assert.Equal(0, (loaded.Head<ValueHead>()!.Values(hidden) - values).abs().max().ToDouble());
    }
}
