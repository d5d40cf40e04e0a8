using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Runs;

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
    /// <param name="store">Where they are kept, and taken from if they are there; null for nowhere.</param>
    /// <returns>In the order of the pairs.</returns>
    public static PairLogProbs Read(LanguageModel model, IReadOnlyList<TokenizedPair> pairs, CancellationToken cancellationToken, ContentStore? store = null)
    {
        var sums = AnswerLogProbs.Read(model, pairs, store, cancellationToken);
        return new PairLogProbs(sums[0], sums[1]);
    }
}
