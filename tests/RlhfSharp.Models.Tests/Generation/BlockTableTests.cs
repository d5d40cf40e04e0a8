using RlhfSharp.Models.Generation;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Generation;

[NoTensorLeak]
public sealed class BlockTableTests
{
    // 1,000 parts of 1/1000 each: added up in BF16, which has 8 bits, the sum stands still at 0.25.
    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    public void Sum_ManyBlocks_LosesNothingByRounding(ScalarType type)
    {
        const int Blocks = 1000;
        using var scope = NewDisposeScope();
        var (first, second) = (new CachedSequence(), new CachedSequence());
        first.Blocks.AddRange(Enumerable.Range(0, Blocks));
        second.Blocks.Add(Blocks);
        using var table = new BlockTable([first, second], Blocks + 1, CPU);

        var sum = table.Sum(full([Blocks + 1, 1, 1, 1], 0.001, dtype: type));

        Assert.Equal(type, sum.dtype);
        Assert.Equal(1, sum[0].to(ScalarType.Float32).item<float>(), 0.01f);
        Assert.Equal(0.001f, sum[1].to(ScalarType.Float32).item<float>(), 1e-5f);
    }
}
