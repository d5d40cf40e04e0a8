using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Changes the scores of the next token before one is drawn. Processors run in the order in which they are given,
/// and may get the rows of a batch in parts.</summary>
public interface ILogitsProcessor
{
    /// <summary>Computes new scores.</summary>
    /// <param name="scores">Unnormalised log-probabilities, <c>[rows, vocabulary]</c>.</param>
    /// <param name="hidden">The last hidden state of each row, <c>[rows, hidden]</c>.</param>
    /// <param name="lastTokens">The token each row ends with, <c>[rows]</c>.</param>
    /// <returns><c>[rows, vocabulary]</c>, owned by the caller's dispose scope; −∞ forbids a token.</returns>
    Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens);
}
