using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Chooses tokens from scores. A draw is one number per row, looked up in the cumulative distribution in the order of token ids.</summary>
/// <remarks>Looked up in this order, a last-bit difference in the scores can change a token only where the draw lies on a border of the
/// distribution.</remarks>
internal static class TokenSampler
{
    /// <summary>Takes the best token of each row.</summary>
    /// <param name="scores"><c>[rows, vocabulary]</c>.</param>
    /// <returns>Token ids, <c>[rows]</c>.</returns>
    public static Tensor Greedy(Tensor scores) => scores.argmax(1);

    /// <summary>Draws a token for each row.</summary>
    /// <param name="scores">Unnormalised log-probabilities, <c>[rows, vocabulary]</c>.</param>
    /// <param name="draws">Numbers from 0 up to, not including, 1, one per row.</param>
    /// <returns>Token ids, <c>[rows]</c>; a token with probability 0 is never drawn. Any id where the scores are not numbers.</returns>
    public static Tensor Draw(Tensor scores, double[] draws)
    {
        var cumulative = scores.to(ScalarType.Float64).softmax(1).cumsum(1);   // F64: 50,000 sums in F32 would move the borders by 1e-5
        var total = cumulative.narrow(1, cumulative.size(1) - 1, 1);
        var targets = tensor(draws, [draws.Length, 1], device: scores.device) * total;
        var found = searchsorted(cumulative, targets, right: true).squeeze(1);   // the first token whose share lies beyond the draw
        return found.clamp_max(scores.size(1) - 1);                              // scores that are not numbers have no such token
    }
}
