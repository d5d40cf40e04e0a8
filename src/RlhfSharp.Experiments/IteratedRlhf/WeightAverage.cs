using RlhfSharp.Models;
using static TorchSharp.torch;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Models between models, weight by weight.</summary>
internal static class WeightAverage
{
    /// <summary>Moves a model towards another of the same shape: w ← (1 − η) · w + η · other.</summary>
    /// <param name="model">The model, which changes.</param>
    /// <param name="other">The other one.</param>
    /// <param name="eta">How far, from 0 (not at all) to 1 (all the way).</param>
    public static void MoveTowards(TransformerModel model, TransformerModel other, double eta)
    {
        using var noGrad = no_grad();
        foreach (var (name, parameter) in model.Parameters.Tensors)
        {
            using var scope = NewDisposeScope();
            parameter.copy_((1 - eta) * parameter + eta * other.Parameters[name]);
        }
    }

    /// <summary>Makes a model the mean of itself and of others.</summary>
    /// <param name="model">The model, which changes.</param>
    /// <param name="others">The others, of the same shape.</param>
    public static void Average(TransformerModel model, IReadOnlyList<TransformerModel> others)
    {
        for (var i = 0; i < others.Count; i++)
        {
            MoveTowards(model, others[i], 1.0 / (i + 2));   // of i + 2 models, one more has its equal share
        }
    }
}
