using System.Text.Json.Nodes;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

[NoTensorLeak]
public sealed class BranchedAttentionTests
{
    private static readonly int[] Trunk = [5, 6, 7, 8, 9, 10, 11];
    private static readonly int[][] Branches = [[1, 2, 3], [4], [2, 2, 5, 6, 7]];
    private static readonly int[] Other = [12, 3];   // a row without a trunk, and shorter: both are padded together

    [Theory]
    [InlineData("gpt2")]
    [InlineData("gpt_neox")]
    [InlineData("llama")]
    [InlineData("mistral")]
    [InlineData("mistral_swa6")]   // a window that ends within the trunk
    [InlineData("qwen2")]
    public void Forward_SharedTrunk_GivesWhatEachBranchGivesBehindItsOwn(string fixture)
    {
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named(fixture).LoadModel();
        BranchedSequence[] sequences = [new(Trunk.Length, [.. Branches.Select(branch => branch.Length)]), new(0, [Other.Length])];
        var tokens = tensor(Trunk.Concat(Branches.SelectMany(branch => branch)).Concat(Other).Select(id => (long)id).ToArray());

        var shared = model.Backbone.Forward(tokens, new BranchedAttention(model.Config, sequences, CPU));
        var apart = model.HiddenStates([.. Branches.Select(branch => Trunk.Concat(branch).ToArray()), Other]);

        var offset = (Shared: (long)Trunk.Length, Apart: 0L);
        foreach (var branch in Branches)
        {
            Close(apart.narrow(0, offset.Apart, Trunk.Length), shared.narrow(0, 0, Trunk.Length));
            Close(apart.narrow(0, offset.Apart + Trunk.Length, branch.Length), shared.narrow(0, offset.Shared, branch.Length));
            offset = (offset.Shared + branch.Length, offset.Apart + Trunk.Length + branch.Length);
        }
        Close(apart.narrow(0, offset.Apart, Other.Length), shared.narrow(0, offset.Shared, Other.Length));
    }

    [Fact]
    public void Create_PositionsThatDependOnTheLength_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("llama").LoadModel();
        var json = model.Config.File.Json.DeepClone().AsObject();
        json["rope_scaling"] = new JsonObject { ["rope_type"] = "dynamic", ["factor"] = 2.0 };
        var config = ArchitectureRegistry.Read(new ConfigFile(json, "config.json"));

        Assert.True(config.IsLengthAware);
        var error = Assert.Throws<InputException>(() => new BranchedAttention(config, [new BranchedSequence(1, [1, 1])], CPU));
        Assert.Contains("dynamic", error.Message, StringComparison.Ordinal);
    }

    private static void Close(Tensor expected, Tensor actual) => Assert.InRange((expected - actual).abs().max().ToDouble(), 0, 2e-5);
}
