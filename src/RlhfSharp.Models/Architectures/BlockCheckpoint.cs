using RlhfSharp.Models.Adapters;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>A block of which only the input is kept: the backward pass computes it again (Chen et al. 2016, https://arxiv.org/abs/1604.06174).</summary>
/// <remarks>The gradients of parameters are added up by the backward pass inside, as they would be by the one around it. Handed back through this function
/// instead, each would be copied once more, because its wrapper would still be alive.</remarks>
internal sealed class BlockCheckpoint : autograd.SingleTensorFunction<BlockCheckpoint>
{
    private const string WorkKey = "work";

    /// <inheritdoc/>
    public override string Name => nameof(BlockCheckpoint);

    /// <summary>Computes a block.</summary>
    /// <param name="pass">What the blocks of one forward pass have in common.</param>
    /// <param name="block">Computes it from both inputs, every time in the same way.</param>
    /// <param name="hidden"><c>[tokens, hidden]</c>; gradients flow back here.</param>
    /// <param name="shared">A second input to which gradients flow back; may be null.</param>
    /// <param name="adapter">Draws random numbers, which must be the same again; may be null.</param>
    /// <returns>What the block gives. It needs a gradient even where no input does, because a parameter of the block may; owned by the caller's scope.</returns>
    public static Tensor Run(Pass pass, Func<Tensor, Tensor?, Tensor> block, Tensor hidden, Tensor? shared, LoraAdapter? adapter)
    {
        using var scope = NewDisposeScope();
        var trigger = zeros(1, device: hidden.device, requires_grad: true);
        var work = new Work(pass, block, adapter, adapter?.Randomness(), shared is not null);
        List<object> arguments = [work, trigger, hidden];
        if (shared is not null)
        {
            arguments.Add(shared);   // TorchSharp passes no null through a function's tensors
        }
        return apply([.. arguments]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var work = (Work)vars[0];
        var inputs = vars[2..].Cast<Tensor>().ToList();
        ctx.save_data(WorkKey, work);
        ctx.save_for_backward(work.Randomness is { } state ? [.. inputs, state] : inputs);
        return work.Compute(inputs).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var work = (Work)ctx.get_data(WorkKey);
        work.Pass.Release();
        var saved = ctx.get_saved_variables();
        var inputs = saved.Take(work.InputCount).Select(input => input.detach().requires_grad_(input.requires_grad)).ToList();
        using (saved.Count > work.InputCount ? work.Adapter!.Repeat(saved[^1]) : null)
        using (enable_grad())
        {
            autograd.backward([work.Compute(inputs)], [grad_output]);
        }
        grad_output.Dispose();   // this call's own wrapper; the scope around the whole backward pass would keep it to the end
        var gradients = inputs.ConvertAll(input => input.requires_grad ? input.grad?.MoveToOuterDisposeScope() : null);
        work.Pass.Keep(gradients);
        return [null!, null!, .. gradients.Select(gradient => gradient!)];
    }

    /// <summary>What the blocks of one forward pass have in common.</summary>
    /// <remarks>What a backward call returns is read after it returns, so nothing may free it there; the next call does. With a gradient per block kept to
    /// the end, the backward pass would take as much memory again as the inputs of all blocks.</remarks>
    internal sealed class Pass
    {
        private List<Tensor?> _gradients = [];

        /// <summary>Takes note of what a call returns.</summary>
        public void Keep(List<Tensor?> gradients) => _gradients = gradients;

        /// <summary>Frees what the call before returned.</summary>
        public void Release() => _gradients.ForEach(gradient => gradient?.Dispose());
    }

    private sealed record Work(Pass Pass, Func<Tensor, Tensor?, Tensor> Block, LoraAdapter? Adapter, Tensor? Randomness, bool IsShared)
    {
        public int InputCount => IsShared ? 2 : 1;

        // What the backward pass has no use for is freed before it begins.
        public Tensor Compute(List<Tensor> inputs)
        {
            using var scope = NewDisposeScope();
            return Block(inputs[0], IsShared ? inputs[1] : null).MoveToOuterDisposeScope();
        }
    }
}
