using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>A reward model whose scores on answers of the start have mean 0 and standard deviation 1, so that several can be combined and compared with gold
/// (Gao et al. 2022, https://arxiv.org/abs/2210.10760, section 2.2).</summary>
/// <param name="scorer">The reward model; this takes ownership.</param>
/// <param name="mean">Its mean there.</param>
/// <param name="deviation">Its standard deviation there.</param>
internal sealed class StandardizedScorer(IScorer scorer, double mean, double deviation) : IScorer
{
    public long ParameterCount => scorer.ParameterCount;

    public async Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken) =>
        [.. (await scorer.ScoreAsync(requests, progress, cancellationToken).ConfigureAwait(false)).Select(score => (score - mean) / deviation)];

    public void Dispose() => scorer.Dispose();
}
