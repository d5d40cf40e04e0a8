using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>x·Wᵀ + b with W as <c>[out, in]</c>; the bias is used where the parameters have one.</summary>
internal sealed class Linear
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;

    public Linear(ParameterSet parameters, string name)
    {
        _weight = parameters[$"{name}.weight"];
        parameters.TryGet($"{name}.bias", out _bias);
    }

    public Tensor Forward(Tensor x) => nn.functional.linear(x, _weight, _bias);
}
