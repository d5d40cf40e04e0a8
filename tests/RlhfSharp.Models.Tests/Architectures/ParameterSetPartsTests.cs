using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Runtime;
using TorchSharp;

namespace RlhfSharp.Models.Tests.Architectures;

[NoTensorLeak]
public class ParameterSetPartsTests
{
    [Theory]
    [InlineData(InitializationKind.Normal)]
    [InlineData(InitializationKind.Uniform)]
    public void Create_ParameterDrawnInSeveralParts_HasTheGeneratorsNumbersInOrder(InitializationKind kind)
    {
        const double Scale = 0.5;
        var spec = new ParameterSpec("weight", [3, 70_001], new Initialization(kind, Scale));

        using var set = ParameterSet.Create([spec], seed: 7, torch.ScalarType.Float32, torch.CPU);

        var random = new NamedRandom(7, "initialization/weight");
        double Next() => kind == InitializationKind.Normal ? random.NextGaussian() : 2 * random.NextDouble() - 1;
        var expected = Enumerable.Range(0, 210_003).Select(_ => (float)(Scale * Next()));
        Assert.Equal([3, 70_001], set["weight"].shape);
        Assert.Equal(expected, set["weight"].data<float>().ToArray());
    }
}
