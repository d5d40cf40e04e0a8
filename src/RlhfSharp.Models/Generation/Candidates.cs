using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>The tokens among which a draw decides.</summary>
/// <param name="Scores"><c>[rows, candidates]</c>, in the order of token ids.</param>
/// <param name="Ids">Their ids, <c>[rows, candidates]</c>; null where they are the whole vocabulary.</param>
internal sealed record Candidates(Tensor Scores, Tensor? Ids)
{
    /// <summary>Takes the k best tokens of each row.</summary>
    /// <param name="scores"><c>[rows, vocabulary]</c>.</param>
    /// <param name="k">How many; 0 for all.</param>
    /// <returns>What <see cref="TopKProcessor"/> leaves, without the rest where that is possible: tokens that tie with the k-th are kept.</returns>
    public static Candidates Best(Tensor scores, int k)
    {
        if (k == 0 || k >= scores.size(1))
        {
            return new(scores, null);
        }
        var (values, ids) = topk(scores, k + 1, dim: 1);
        if (values.select(1, k).eq(values.select(1, k - 1)).any().item<bool>())
        {
            return new(new TopKProcessor(k).Process(scores, scores, scores), null);
        }
        var (ordered, order) = ids.narrow(1, 0, k).sort(dim: 1);
        return new(values.gather(1, order), ordered);
    }

    /// <summary>Turns places among the candidates, <c>[rows]</c>, into token ids.</summary>
    public Tensor IdsAt(Tensor places) => Ids?.gather(1, places.unsqueeze(1)).squeeze(1) ?? places;
}
