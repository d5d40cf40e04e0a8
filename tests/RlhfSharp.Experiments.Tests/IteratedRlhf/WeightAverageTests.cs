using RlhfSharp.Experiments.IteratedRlhf;
using RlhfSharp.Models;
using RlhfSharp.Models.Architectures;
using RlhfSharp.Models.Checkpoints;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.Tests.IteratedRlhf;

[NoTensorLeak]
public sealed class WeightAverageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void MoveTowards_Eta_LiesBetweenTheEnds(double eta)
    {
        using var from = Create(seed: 1);
        using var to = Create(seed: 2);
        var (first, second) = (Values(from), Values(to));

        WeightAverage.MoveTowards(from, to, eta);

        Assert.All(Values(from).Index(), value => Assert.Equal((1 - eta) * first[value.Index] + eta * second[value.Index], value.Item, 1e-6));
        Assert.Equal(second, Values(to));
    }

    [Fact]
    public void Average_EqualModels_IsThatModel()
    {
        using var model = Create(seed: 1);
        using var second = Create(seed: 1);
        using var third = Create(seed: 1);
        var before = Values(model);

        WeightAverage.Average(model, [second, third]);

        Assert.All(Values(model).Zip(before), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
    }

    [Fact]
    public void Average_ThreeModels_IsTheirMean()
    {
        using var model = Create(seed: 1);
        using var second = Create(seed: 2);
        using var third = Create(seed: 3);
        float[][] all = [Values(model), Values(second), Values(third)];

        WeightAverage.Average(model, [second, third]);

        Assert.All(Values(model).Index(), value => Assert.Equal(all.Average(one => one[value.Index]), value.Item, 1e-6));
    }

    private static LanguageModel Create(long seed)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse("""{"model_type":"gpt2","n_layer":1,"n_embd":8,"n_head":2,"n_positions":16,"vocab_size":9}""")!.AsObject();
        return LanguageModel.Create(ArchitectureRegistry.Read(new ConfigFile(json, "test")), seed, ScalarType.Float32, CPU);
    }

    private static float[] Values(LanguageModel model)
    {
        using var scope = NewDisposeScope();
        return [.. model.Parameters.Tensors.SelectMany(parameter => parameter.Value.detach().flatten().data<float>().ToArray())];
    }
}
