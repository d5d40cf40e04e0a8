using static TorchSharp.torch;

namespace RlhfSharp.Models.Adapters;

/// <summary>A and B of one layer.</summary>
/// <param name="adapter">Knows the scale, and whether it is switched on.</param>
/// <param name="a"><c>[rank, inputs]</c>.</param>
/// <param name="b"><c>[outputs, rank]</c>.</param>
internal sealed class LoraPair(LoraAdapter adapter, Tensor a, Tensor b)
{
    /// <summary>Adds scale·B·A·x to what the layer gave.</summary>
    /// <param name="output"><c>[tokens, outputs]</c>.</param>
    /// <param name="x"><c>[tokens, inputs]</c>.</param>
    public Tensor Add(Tensor output, Tensor x)
    {
        if (!adapter.IsEnabled)
        {
            return output;
        }
        var low = nn.functional.linear(adapter.Drop(x.to(a.dtype)), a);
        return output + (nn.functional.linear(low, b) * adapter.Options.Scale).to(output.dtype);
    }

    /// <summary>Computes scale·B·A, <c>[outputs, inputs]</c>.</summary>
    public Tensor Product() => b.matmul(a) * adapter.Options.Scale;
}
