using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>What an output layer says about the tokens that were taken: all that an objective needs of a vocabulary-wide result.</summary>
/// <param name="Taken">The score of the taken token, <c>[positions]</c>.</param>
/// <param name="LogSumExp">log Σ exp over the scores of all tokens, <c>[positions]</c>.</param>
public sealed record TokenScores(Tensor Taken, Tensor LogSumExp)
{
    /// <summary>Gets the log-probability of the taken token, <c>[positions]</c>.</summary>
    public Tensor LogProbs => Taken - LogSumExp;
}
