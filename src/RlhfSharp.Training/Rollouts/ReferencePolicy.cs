using RlhfSharp.Models;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Rollouts;

/// <summary>The model that training started from: the policy with its adapter switched off, or else a copy.</summary>
public sealed class ReferencePolicy : IDisposable
{
    private readonly LanguageModel _model;
    private readonly bool _isPolicy;

    private ReferencePolicy(LanguageModel model, bool isPolicy) => (_model, _isPolicy) = (model, isPolicy);

    /// <summary>Finds the reference of a policy.</summary>
    /// <param name="policy">The policy as it starts.</param>
    /// <returns>The reference: it stays what the policy is now.</returns>
    /// <exception cref="InputException">The policy has an adapter that changes something already.</exception>
    public static ReferencePolicy Of(LanguageModel policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Adapter?.Parameters.Tensors.Any(pair => pair.Key.EndsWith("lora_B.weight", StringComparison.Ordinal) && pair.Value.count_nonzero().ToInt64() > 0) == true)
        {
            throw new InputException("The policy starts with a trained adapter, so the model without it is not where training starts. Merge it first: rlhf merge.");
        }
        return policy.Adapter is null ? new ReferencePolicy(policy.Copy(), isPolicy: false) : new ReferencePolicy(policy, isPolicy: true);
    }

    /// <summary>Makes a reference of a model other than the policy's start.</summary>
    /// <param name="model">The model; the reference takes ownership.</param>
    /// <returns>The reference.</returns>
    public static ReferencePolicy Fixed(LanguageModel model) => new(model, isPolicy: false);

    /// <summary>Computes how likely the reference finds answers.</summary>
    /// <param name="batch">Prompts with answers.</param>
    /// <returns><c>[actions]</c>, without gradients; owned by the caller's dispose scope.</returns>
    public Tensor LogProbs(BranchedBatch batch)
    {
        using var noGrad = no_grad();
        if (!_isPolicy)
        {
            return batch.LogProbs(_model);
        }
        _model.Adapter!.IsEnabled = false;
        try
        {
            return batch.LogProbs(_model);
        }
        finally
        {
            _model.Adapter.IsEnabled = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isPolicy)
        {
            _model.Dispose();
        }
    }
}
