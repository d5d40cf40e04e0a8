using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Checkpoints;

[NoTensorLeak]
public sealed class TensorSlicesTests
{
    [Theory]
    [InlineData(1, 6)]
    [InlineData(4, 2)]
    [InlineData(6, 1)]
    [InlineData(100, 1)]
    public void Of_AnySize_GivesAllElementsInOrderAndSharesMemory(long largest, int expectedCount)
    {
        using var whole = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        var (values, count) = (new List<float>(), 0);

        foreach (var slice in TensorSlices.Of(whole, largest))
        {
            values.AddRange(slice.data<float>().ToArray());
            slice.bytes.Clear();
            count++;
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], values);
        Assert.Equal(expectedCount, count);
        Assert.Equal(new float[6], whole.data<float>().ToArray());
    }

    [Fact]
    public void Of_ScalarAndEmptyTensor_AreOneSliceAndNone()
    {
        using var scalar = tensor(2f);
        using var nothing = empty(3, 0);
        Assert.Single(TensorSlices.Of(scalar));
        Assert.Empty(TensorSlices.Of(nothing));
    }
}
