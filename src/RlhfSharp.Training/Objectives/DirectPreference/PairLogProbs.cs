using RlhfSharp.Models;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Objectives;

/// <summary>How likely a model finds both answers of pairs, summed over tokens.</summary>
/// <param name="Chosen">One number per pair.</param>
/// <param name="Rejected">One number per pair.</param>
public sealed record PairLogProbs(IReadOnlyList<float> Chosen, IReadOnlyList<float> Rejected)
{
    /// <summary>Computes them, without gradients.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pairs">The pairs.</param>
    /// <param name="cancellationToken">Looked at between batches.</param>
    /// <returns>In the order of the pairs.</returns>
    public static PairLogProbs Read(LanguageModel model, IReadOnlyList<TokenizedPair> pairs, CancellationToken cancellationToken)
    {
        var sums = AnswerLogProbs.Read(model, pairs, cancellationToken);
        return new PairLogProbs(sums[0], sums[1]);
    }
}
