using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Experiments.Tests.RewardMaps;

/// <summary>Scores texts by a function of what a reward model would read.</summary>
internal sealed class StubScorer(Func<string, double> score) : IScorer
{
    private readonly List<ScoreRequest> _requests = [];

    public IReadOnlyList<ScoreRequest> Requests => _requests;

    public Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        lock (_requests)
        {
            _requests.AddRange(requests);
        }
        return Task.FromResult<IReadOnlyList<double>>([.. requests.Select(request => score(request.Completion.Text))]);
    }

    public void Dispose()
    {
    }
}
