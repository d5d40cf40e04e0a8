using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Keeps the fewest likeliest tokens whose probabilities reach p together (Holtzman et al. 2020); the likeliest is always kept.</summary>
/// <param name="p">Greater than 0, at most 1.</param>
public sealed class TopPProcessor(double p) : ILogitsProcessor
{
    /// <inheritdoc/>
    public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens)
    {
        var (sorted, order) = scores.sort(dim: 1, descending: true);
        var probabilities = sorted.softmax(1);
        var before = probabilities.cumsum(1) - probabilities;   // what the likelier tokens hold together
        var dropped = zeros_like(before, dtype: ScalarType.Bool).scatter(1, order, before >= p);
        return scores.masked_fill(dropped, double.NegativeInfinity);
    }
}
