using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Loop;

/// <summary>Keeps the lower part of a model as it is, as trlX's <c>num_layers_unfrozen</c> does.</summary>
public static class LayerFreezing
{
    /// <summary>Freezes all but the uppermost blocks.</summary>
    /// <param name="model">The model; its heads stay trainable.</param>
    /// <param name="unfrozenLayers">How many blocks train. −1: all, with embeddings. Otherwise embeddings, and an output layer tied to them, are
    /// frozen; 0 freezes all blocks and an untied output layer too, so that only heads train.</param>
    /// <exception cref="InputException">The model has fewer blocks.</exception>
    public static void Apply(TransformerModel model, int unfrozenLayers)
    {
        if (unfrozenLayers == -1)
        {
            return;
        }
        var layers = model.Config.LayerCount;
        if (unfrozenLayers < -1 || unfrozenLayers > layers)
        {
            throw new InputException($"model.unfrozenLayers is {unfrozenLayers}; the model has {layers} blocks. "
                + $"Allowed: -1 (all) and 0 to {layers}.");
        }
        var specs = model is SequenceClassifier ? model.Config.ClassifierParameters() : model.Config.Parameters();
        var lastBlockParameter = specs.Index().Where(spec => spec.Item.Layer is not null).Max(spec => spec.Index);
        foreach (var (index, spec) in specs.Index())
        {
            var isFrozen = spec.Layer is { } layer ? layer < layers - unfrozenLayers : unfrozenLayers == 0 || index < lastBlockParameter;
            model.Parameters[spec.Name].requires_grad_(!isFrozen);
        }
    }
}
