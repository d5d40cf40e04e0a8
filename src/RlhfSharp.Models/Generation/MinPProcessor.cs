using static TorchSharp.torch;

namespace RlhfSharp.Models.Generation;

/// <summary>Forbids tokens that are less than p times as likely as the likeliest (Nguyen et al. 2024, https://arxiv.org/abs/2407.01082).</summary>
/// <param name="p">Above 0, at most 1; 1 keeps the likeliest alone, and its equals.</param>
public sealed class MinPProcessor(double p) : ILogitsProcessor
{
    /// <inheritdoc/>
    public Tensor Process(Tensor scores, Tensor hidden, Tensor lastTokens) =>
        scores.masked_fill(scores < scores.amax([1], keepdim: true) + Math.Log(p), double.NegativeInfinity);
}
