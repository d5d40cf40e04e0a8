using static TorchSharp.torch;

namespace RlhfSharp.Models.Architectures;

/// <summary>What turns one hidden state of a sequence into a classifier's scores.</summary>
internal abstract class ScoreLayer
{
    /// <summary>Gets whether the hidden state is that of the last token, as in causal families, or of the first.</summary>
    public abstract bool ReadsLastToken { get; }

    /// <summary>Lists the parameters.</summary>
    /// <param name="hiddenSize">The width of the hidden states.</param>
    /// <param name="labelCount">The number of scores.</param>
    public abstract IEnumerable<ParameterSpec> Specs(int hiddenSize, int labelCount);

    /// <summary>Computes scores.</summary>
    /// <param name="parameters">Those of <see cref="Specs"/> among others.</param>
    /// <param name="hidden"><c>[sequences, hidden]</c>.</param>
    /// <returns><c>[sequences, labels]</c>.</returns>
    public abstract Tensor Score(ParameterSet parameters, Tensor hidden);
}
