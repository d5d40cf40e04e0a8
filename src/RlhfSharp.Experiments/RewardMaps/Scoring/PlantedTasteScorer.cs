using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>Scores texts by a planted taste, with noise that belongs to the text.</summary>
/// <param name="taste">The taste.</param>
/// <param name="noise">The standard deviation of the noise.</param>
/// <param name="seed">Decides the noise, with the text.</param>
internal sealed class PlantedTasteScorer(PlantedTaste taste, double noise, long seed) : IScorer
{
    public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var scores = new double[requests.Count];
        foreach (var (i, request) in requests.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var text = request.Completion.Text;
            scores[i] = taste.Score(text) + noise * new NamedRandom(seed, $"planted-taste/noise/{text}").NextGaussian();
            progress?.Report((i + 1.0) / requests.Count);
        }
        return Task.FromResult<IReadOnlyList<double>>(scores);
    }

    public void Dispose()
    {
    }
}
