using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>(x − mean(x)) / √(variance(x) + ε) · w + b (Ba et al. 2016).</summary>
internal sealed class LayerNorm(ParameterSet parameters, string name, double epsilon)
{
    private readonly Tensor _weight = parameters[$"{name}.weight"];
    private readonly Tensor _bias = parameters[$"{name}.bias"];
    private readonly long[] _shape = [parameters[$"{name}.weight"].size(0)];

    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, _shape, _weight, _bias, epsilon);
}
