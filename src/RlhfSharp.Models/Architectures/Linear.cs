using RlhfSharp.Models.Adapters;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>x·Wᵀ + b with W as <c>[out, in]</c>; the bias is used where the parameters have one, and so is an adapter's pair.</summary>
internal sealed class Linear
{
    private readonly Tensor _weight;
    private readonly Tensor? _bias;
    private readonly LoraPair? _pair;

    public Linear(ParameterSet parameters, string name)
    {
        _weight = parameters[$"{name}.weight"];
        parameters.TryGet($"{name}.bias", out _bias);
        _pair = parameters.Adapter?.Find(name);
    }

    public Tensor Forward(Tensor x)
    {
        var output = nn.functional.linear(x, _weight, _bias);
        return _pair?.Add(output, x) ?? output;
    }

    /// <summary>Gets two matrices whose product a·bᵀ is what <see cref="Forward"/> gives; for a layer without bias.</summary>
    public (Tensor Inputs, Tensor Weight) Factors(Tensor x) => _pair?.Widen(x, _weight) ?? (x, _weight);
}
