using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Chooses tokens from scores. A draw is one number per row, looked up in the cumulative distribution in the order of token ids.</summary>
/// <remarks>Looked up in this order, a last-bit difference in the scores can change a token only where the draw lies on a border of the
/// distribution.</remarks>
internal static class TokenSampler
{
    private const int BlockSize = 64;

    /// <summary>Takes the best token of each row.</summary>
    /// <param name="scores"><c>[rows, vocabulary]</c>.</param>
    /// <returns>Token ids, <c>[rows]</c>.</returns>
    public static Tensor Greedy(Tensor scores) => scores.argmax(1);

    /// <summary>Draws a token for each row.</summary>
    /// <param name="scores">Unnormalised log-probabilities, <c>[rows, vocabulary]</c>.</param>
    /// <param name="draws">Numbers from 0 up to, not including, 1, one per row.</param>
    /// <returns>Token ids, <c>[rows]</c>, and the logarithms of their probabilities, <c>[rows]</c>; a token with probability 0 is never drawn. Any id
    /// where the scores are not numbers.</returns>
    /// <remarks>First the block of tokens is looked up, then the token in it: only sums of blocks need F64, where 50,000 sums in F32 would move the
    /// borders by 1e-5.</remarks>
    public static (Tensor Tokens, Tensor LogProbs) Draw(Tensor scores, double[] draws)
    {
        var (rows, vocabulary) = (scores.size(0), scores.size(1));
        var greatest = scores.amax([1], keepdim: true);
        var weights = (scores - greatest).exp_();
        var sums = BlockSums(weights).to(ScalarType.Float64);                                   // [rows, blocks]
        var cumulative = sums.cumsum(1);
        var total = cumulative.narrow(1, cumulative.size(1) - 1, 1);
        var targets = tensor(draws, [rows, 1], device: scores.device) * total;
        // The first block, or token, whose share lies beyond the draw. Scores that are not numbers have none.
        var block = searchsorted(cumulative, targets, right: true).clamp_max(sums.size(1) - 1);   // [rows, 1]
        // What lies before the block, by the very numbers that were searched: a difference could be rounded past a border.
        var before = cat([zeros_like(total), cumulative.narrow(1, 0, cumulative.size(1) - 1)], 1).gather(1, block);
        var places = block * BlockSize + arange(BlockSize, device: scores.device).unsqueeze(0);   // [rows, block size]
        var inside = weights.gather(1, places.clamp_max(vocabulary - 1)).masked_fill_(places.ge(vocabulary), 0).to(ScalarType.Float64);
        var found = searchsorted(inside.cumsum(1).add_(before), targets, right: true);
        // Block sums are rounded: a draw may lie behind all tokens of its block by a hair, and then means the last one that is possible.
        var lastPossible = (inside.gt(0).to(ScalarType.Int64) * arange(BlockSize, device: scores.device)).amax([1], keepdim: true);
        var tokens = (block * BlockSize + minimum(found, lastPossible)).clamp_max(vocabulary - 1);
        return (tokens.squeeze(1), (scores.gather(1, tokens) - greatest - total.log()).squeeze(1));
    }

    private static Tensor BlockSums(Tensor weights)
    {
        var (rows, vocabulary) = (weights.size(0), weights.size(1));
        var whole = vocabulary / BlockSize * BlockSize;
        var rest = weights.narrow(1, whole, vocabulary - whole).sum(1, keepdim: true);
        return whole == 0 ? rest : cat([weights.narrow(1, 0, whole).view(rows, -1, BlockSize).sum(2), rest], 1);
    }
}
