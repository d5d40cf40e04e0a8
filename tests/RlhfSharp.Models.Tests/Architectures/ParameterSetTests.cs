using RlhfSharp.Models.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Tests.Architectures;

[NoTensorLeak]
public sealed class ParameterSetTests
{
    private const int Count = 40_000;

    // The mean of n draws lies within 4 standard errors, σ/√n; the variance of a normal sample has relative standard error √(2/n).
    [Fact]
    public void Create_Normal_HasItsMeanAndDeviation()
    {
        using var scope = NewDisposeScope();
        using var set = Create(new ParameterSpec("w", [200, 200], Initialization.Normal(0.02)));
        var values = set["w"].to(ScalarType.Float64);

        Assert.InRange(values.mean().ToDouble(), -4 * 0.02 / Math.Sqrt(Count), 4 * 0.02 / Math.Sqrt(Count));
        Assert.Equal(1, values.square().mean().ToDouble() / (0.02 * 0.02), 4 * Math.Sqrt(2.0 / Count));
        Assert.Equal(0.6827, (values.abs() < 0.02).to(ScalarType.Float64).mean().ToDouble(), 0.01);   // within one σ
        Assert.Equal(0.0455, (values.abs() > 0.04).to(ScalarType.Float64).mean().ToDouble(), 0.005);  // beyond two
    }

    [Fact]
    public void Create_Uniform_FillsItsInterval()
    {
        using var scope = NewDisposeScope();
        using var set = Create(new ParameterSpec("w", [Count], Initialization.Uniform(0.5)));
        var values = set["w"].to(ScalarType.Float64);

        Assert.InRange(values.max().ToDouble(), 0.499, 0.5);
        Assert.InRange(values.min().ToDouble(), -0.5, -0.499);
        Assert.Equal(0, values.mean().ToDouble(), 4 * 0.5 / Math.Sqrt(3 * Count));
        Assert.Equal(0.25 / 3, values.square().mean().ToDouble(), 2e-3);
    }

    [Fact]
    public void Create_SameSeed_HasTheSameBitsWhateverElseIsDrawn()
    {
        using var scope = NewDisposeScope();
        var (one, other) = (new ParameterSpec("one", [8, 8], Initialization.Normal(1)), new ParameterSpec("other", [8, 8], Initialization.Normal(1)));
        using var both = Create(one, other);
        using var alone = Create(other);
        using var otherSeed = ParameterSet.Create([other], seed: 2, ScalarType.Float32, CPU);

        Assert.True(both["other"].bytes.SequenceEqual(alone["other"].bytes));
        Assert.False(both["other"].bytes.SequenceEqual(both["one"].bytes));
        Assert.False(both["other"].bytes.SequenceEqual(otherSeed["other"].bytes));
    }

    [Fact]
    public void Create_Constants_AreExactAndTrainable()
    {
        using var scope = NewDisposeScope();
        using var set = ParameterSet.Create(
            [new ParameterSpec("zeros", [2, 3], Initialization.Zeros), new ParameterSpec("ones", [4], Initialization.Ones)],
            seed: 1, ScalarType.BFloat16, CPU);

        Assert.Equal(["zeros", "ones"], set.Names);   // in the order given
        Assert.Equal(10, set.ElementCount);
        Assert.Equal(0, set["zeros"].abs().sum().ToDouble());
        Assert.Equal(4, set["ones"].sum().ToDouble());
        Assert.All(set.Tensors, pair => Assert.True(pair.Value.requires_grad && pair.Value.dtype == ScalarType.BFloat16));
        Assert.False(set.TryGet("twos", out _));
    }

    [Fact]
    public void Create_Gpt2_ScalesWhatEntersTheResidualStream()
    {
        using var scope = NewDisposeScope();
        var config = ArchitectureRegistry.Read(Checkpoints.SavedFolder.Config("gpt2"));
        using var model = LanguageModel.Create(config, seed: 1, ScalarType.Float32, CPU);
        double Deviation(string name) => model.Parameters[name].std().ToDouble();

        Assert.Equal(0.02, Deviation("transformer.wte.weight"), 1e-3);
        Assert.Equal(0.02, Deviation("transformer.h.0.mlp.c_fc.weight"), 1e-3);
        Assert.Equal(0.02 / 2, Deviation("transformer.h.0.mlp.c_proj.weight"), 1e-3);   // two layers: √(2 · 2)
        Assert.Equal(1, model.Parameters["transformer.ln_f.weight"].mean().ToDouble());
        Assert.Equal(0, model.Parameters["transformer.h.1.mlp.c_fc.bias"].abs().max().ToDouble());
    }

    private static ParameterSet Create(params ParameterSpec[] specs) => ParameterSet.Create(specs, seed: 1, ScalarType.Float32, CPU);
}
