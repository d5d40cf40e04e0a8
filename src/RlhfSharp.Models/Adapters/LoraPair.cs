using static TorchSharp.torch;

namespace RlhfSharp.Models.Adapters;

/// <summary>A and B of one layer.</summary>
/// <param name="adapter">Knows the scale, and whether it is switched on.</param>
/// <param name="a"><c>[rank, inputs]</c>.</param>
/// <param name="b"><c>[outputs, rank]</c>.</param>
internal sealed class LoraPair(LoraAdapter adapter, Tensor a, Tensor b)
{
    /// <summary>Adds scale·B·A·x to what the layer gave.</summary>
    /// <param name="output"><c>[tokens, outputs]</c>; it becomes this method's, which gives it back or frees it.</param>
    /// <param name="x"><c>[tokens, inputs]</c>.</param>
    public Tensor Add(Tensor output, Tensor x)
    {
        if (!adapter.IsEnabled)
        {
            return output;
        }
        using var scope = NewDisposeScope();   // nothing but the sum is needed later
        var sum = output + nn.functional.linear(Low(x), b).to(output.dtype);
        output.Dispose();
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Makes a layer's product x·Wᵀ wider by the rank: [x, scale·A·x]·[W, B]ᵀ.</summary>
    /// <param name="x"><c>[tokens, inputs]</c>.</param>
    /// <param name="weight"><c>[outputs, inputs]</c>.</param>
    public (Tensor Inputs, Tensor Weight) Widen(Tensor x, Tensor weight) =>
        adapter.IsEnabled ? (cat([x, Low(x).to(x.dtype)], 1), cat([weight, b.to(weight.dtype)], 1)) : (x, weight);

    /// <summary>Computes scale·B·A, <c>[outputs, inputs]</c>.</summary>
    public Tensor Product() => b.matmul(a) * adapter.Options.Scale;

    // [tokens, rank]; scaled here, where it is narrow.
    private Tensor Low(Tensor x) => nn.functional.linear(adapter.Drop(x.to(a.dtype)), a) * adapter.Options.Scale;
}
