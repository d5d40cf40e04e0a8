using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Models.Tests.Runtime;

public sealed class LibTorchTests
{
    [Fact]
    public void Initialize_AnySystem_TensorsWork()
    {
        LibTorch.Initialize();
        Assert.Null(LibTorch.Problem);
        using var scope = torch.NewDisposeScope();
        Assert.Equal(3, torch.ones(3).sum().ToSingle());
    }
}
