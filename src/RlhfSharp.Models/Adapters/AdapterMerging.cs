using static TorchSharp.torch;

namespace RlhfSharp.Models.Adapters;

/// <summary>Makes an adapter part of its model.</summary>
public static class AdapterMerging
{
    /// <summary>Adds scale·B·A to every adapted weight, and takes the adapter off: the model computes the same as before, without it.</summary>
    /// <param name="model">The model; a model without an adapter stays as it is.</param>
    public static void Merge(TransformerModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Adapter is not { } adapter)
        {
            return;
        }
        using (NewDisposeScope())
        using (no_grad())
        {
            foreach (var layer in adapter.Layers)
            {
                using var scope = NewDisposeScope();
                var weight = model.Parameters[$"{layer}.weight"];
                var product = adapter.Find(layer)!.Product();
                weight.add_((model.Config.StoresTransposed(layer) ? product.t() : product).to(weight.dtype));
            }
        }
        model.Attach(null);
        adapter.Dispose();
    }
}
