using RlhfSharp.Models.Adapters;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>A transformer up to its last hidden states. What is computed from them is the business of heads.</summary>
public abstract class Backbone
{
    private readonly LoraAdapter? _adapter;
    private readonly Tensor[] _inputParameters;     // before the first block: embeddings
    private readonly Tensor[][] _blockParameters;   // of each block, those of an adapter included

    private protected Backbone(ModelConfig config, ParameterSet parameters)
    {
        _adapter = parameters.Adapter;
        _inputParameters = [.. config.Parameters().TakeWhile(spec => spec.Layer is null).Select(spec => parameters[spec.Name])];
        _blockParameters = [.. config.Parameters().Where(spec => spec.Layer is not null).GroupBy(spec => spec.Layer)
            .Select(block => block.SelectMany(spec => parameters.Adapter?.Tensors(spec.Name) is { } pair ? pair.Prepend(parameters[spec.Name]) : [parameters[spec.Name]]).ToArray())];
    }

    /// <summary>Gets or sets whether a forward pass with gradients keeps no more of a block than what went into it; the backward pass computes the block again.</summary>
    internal bool GradientCheckpointing { get; set; }

    /// <summary>Computes hidden states after the final norm, for tokens without any padding.</summary>
    /// <param name="tokens">Token ids, <c>[tokens]</c>: the real tokens of all sequences one after the other.</param>
    /// <param name="lengths">The number of tokens of each sequence, each at least 1.</param>
    /// <returns><c>[tokens, hidden]</c>, owned by the caller's dispose scope.</returns>
    public abstract Tensor Forward(Tensor tokens, IReadOnlyList<int> lengths);

    /// <summary>Passes hidden states through all blocks. Of what a block computes on the way, only that stays alive which its backward pass needs.</summary>
    /// <param name="hidden">What goes into the first block, <c>[tokens, hidden]</c>.</param>
    /// <param name="block">Computes a block: its number, its hidden states, and what all blocks get.</param>
    /// <param name="shared">What all blocks get besides, where gradients flow back to it; null for nothing.</param>
    /// <returns>What comes out of the last block, owned by the caller's dispose scope.</returns>
    private protected Tensor RunBlocks(Tensor hidden, Func<int, Tensor, Tensor?, Tensor> block, Tensor? shared = null)
    {
        var isCheckpointed = GradientCheckpointing && is_grad_enabled();
        var pass = new BlockCheckpoint.Pass();
        for (var layer = 0; layer < _blockParameters.Length; layer++)
        {
            using var scope = NewDisposeScope();
            var number = layer;
            var next = isCheckpointed && NeedsGradients(layer, hidden, shared)
                ? BlockCheckpoint.Run(pass, (states, given) => block(number, states, given), hidden, shared, _adapter)
                : block(layer, hidden, shared);
            next.MoveToOuterDisposeScope();
            if (layer > 0)
            {
                hidden.Dispose();   // the wrapper: what the backward pass needs of it, the graph holds
            }
            hidden = next;
        }
        return hidden;
    }

    /// <summary>Tells whether a block takes part in the backward pass: one of its parameters trains, or one before it.</summary>
    internal bool NeedsGradients(int layer) => _inputParameters.Any(parameter => parameter.requires_grad) || _blockParameters.Take(layer + 1).Any(block => block.Any(parameter => parameter.requires_grad));

    private bool NeedsGradients(int layer, Tensor hidden, Tensor? shared) =>
        hidden.requires_grad || shared?.requires_grad == true || _blockParameters[layer].Any(parameter => parameter.requires_grad);
}
