using RlhfSharp.Models.Checkpoints;
using RlhfSharp.Models.Heads;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

public sealed class ContentHashTests
{
    [Fact]
    public void Finish_PartsCutElsewhere_Differ()
    {
        Assert.NotEqual(Of(hash => hash.Add("ab").Add("c")), Of(hash => hash.Add("a").Add("bc")));
        Assert.NotEqual(Of(hash => hash.Add([1, 2]).Add([3])), Of(hash => hash.Add([1]).Add([2, 3])));
        Assert.Equal(Of(hash => hash.Add("ab").Add([1, 2]).Add(7)), Of(hash => hash.Add("ab").Add([1, 2]).Add(7)));
    }

    [Fact]
    public void Add_Model_IsItsParametersAndTypeNotItsHeads()
    {
        using var scope = NewDisposeScope();
        using var model = ModelFixture.Named("gpt2").LoadModel();
        var before = Of(hash => hash.Add(model));

        model.Add(ValueHead.Create(model.Config.HiddenSize, seed: 0, ScalarType.Float32, CPU));
        Assert.Equal(before, Of(hash => hash.Add(model)));

        using (no_grad())
        {
            model.Parameters.Tensors.Last().Value.view(-1)[0].add_(1e-6f);
        }
        Assert.NotEqual(before, Of(hash => hash.Add(model)));
    }

    private static string Of(Action<ContentHash> add)
    {
        using var hash = new ContentHash();
        add(hash);
        return hash.Finish();
    }
}
