using RlhfSharp.Models.Architectures;
using static TorchSharp.torch;

namespace RlhfSharp.Models.Heads;

/// <summary>W₂·relu(W₁·h + b₁) + b₂ with twice as many hidden units as h has: the shape of every head in trlX (utils/modeling.py,
/// make_head).</summary>
public sealed class TwoLayerHead
{
    private readonly Tensor _inputWeight;
    private readonly Tensor _inputBias;

    internal TwoLayerHead(ParameterSet parameters, string name)
    {
        _inputWeight = parameters[$"{name}.0.weight"];
        _inputBias = parameters[$"{name}.0.bias"];
        OutputWeight = parameters[$"{name}.2.weight"];
        OutputBias = parameters[$"{name}.2.bias"];
    }

    /// <summary>Gets W₂, <c>[outputs, 2 · hidden]</c>.</summary>
    public Tensor OutputWeight { get; }

    /// <summary>Gets b₂, <c>[outputs]</c>.</summary>
    public Tensor OutputBias { get; }

    /// <summary>Computes the hidden layer. Training goes on from here in chunks, so that a vocabulary-wide result never exists.</summary>
    /// <param name="hidden"><c>[tokens, hidden]</c>.</param>
    /// <returns><c>[tokens, 2 · hidden]</c>.</returns>
    public Tensor Features(Tensor hidden) => nn.functional.relu(nn.functional.linear(hidden, _inputWeight, _inputBias));

    /// <summary>Computes all outputs.</summary>
    /// <param name="hidden"><c>[tokens, hidden]</c>.</param>
    /// <returns><c>[tokens, outputs]</c>.</returns>
    public Tensor Forward(Tensor hidden) => nn.functional.linear(Features(hidden), OutputWeight, OutputBias);

    /// <summary>Makes the head a multiple of a linear layer: relu(h) − relu(−h) is h, so with W₁ = [I; −I] and W₂ = scale·[W, −W] the head is scale·W·h.
    /// The random first layer stays, shrunk, so that two heads remain different.</summary>
    internal void StartFrom(Tensor linear, double scale, double randomness)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var identity = eye(linear.size(1), dtype: _inputWeight.dtype, device: _inputWeight.device);
        _inputWeight.mul_(randomness).add_(cat([identity, -identity], 0));
        _inputBias.zero_();
        OutputWeight.copy_(cat([linear, -linear], 1) * scale);
        OutputBias.zero_();
    }

    // PyTorch's default for a Linear: weights and biases within 1/√inputs.
    internal static IEnumerable<ParameterSpec> Specs(string name, long hidden, long outputs)
    {
        var (first, second) = (Initialization.Uniform(1 / Math.Sqrt(hidden)), Initialization.Uniform(1 / Math.Sqrt(2 * hidden)));
        yield return new($"{name}.0.weight", [2 * hidden, hidden], first);
        yield return new($"{name}.0.bias", [2 * hidden], first);
        yield return new($"{name}.2.weight", [outputs, 2 * hidden], second);
        yield return new($"{name}.2.bias", [outputs], second);
    }
}
