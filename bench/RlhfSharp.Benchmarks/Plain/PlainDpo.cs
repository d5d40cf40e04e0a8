using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Benchmarks.Plain;

/// <summary>Log-probabilities of both answers of pairs as TRL computes them: all rows padded to the longest, each with a prompt of its own, the scores of
/// every token at every position.</summary>
internal static class PlainDpo
{
    /// <summary>Sums over each answer.</summary>
    /// <param name="model">The policy, or the reference.</param>
    /// <param name="pairs">The pairs.</param>
    /// <returns><c>[2, pairs]</c>, those of the chosen answers first.</returns>
    public static Tensor Sums(LanguageModel model, IReadOnlyList<TokenizedPair> pairs)
    {
        var batch = new PlainIlqlBatch([.. pairs.Select(pair => pair.Chosen), .. pairs.Select(pair => pair.Rejected)]);
        var network = new PlainGpt2(model);
        var logProbs = nn.functional.log_softmax(network.Logits(network.Forward(batch.Tokens)), dim: -1);   // [rows, columns, vocabulary]
        var columns = batch.Tokens.size(1);
        var ofNext = logProbs.narrow(1, 0, columns - 1).gather(2, batch.Tokens.narrow(1, 1, columns - 1).unsqueeze(2)).squeeze(2);
        return (ofNext.gather(1, batch.ActionPositions) * batch.IsAction).sum(1).view(2, pairs.Count);
    }
}
