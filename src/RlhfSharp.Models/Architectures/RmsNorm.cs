using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>x / √(mean(x²) + ε) · w (Zhang and Sennrich 2019), computed in F32 whatever the type of x.</summary>
internal sealed class RmsNorm(Tensor weight, double epsilon)
{
    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();   // or the block would hold the steps on the way, which the backward pass has no use for
        var wide = x.to(ScalarType.Float32);
        var normalized = wide * (wide.square().mean([-1], keepdim: true) + epsilon).rsqrt();
        return (weight * normalized.to(x.dtype)).MoveToOuterDisposeScope();
    }
}
