using RlhfSharp.Training.Rewards;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Several reward models that judge as one.</summary>
/// <param name="scorers">At least one; this takes ownership.</param>
/// <param name="combination">What counts where they differ.</param>
/// <param name="uncertaintyWeight">λ of the combination that subtracts a variance.</param>
internal sealed class EnsembleScorer(IReadOnlyList<IScorer> scorers, EnsembleCombination combination, double uncertaintyWeight) : IScorer
{
    public long ParameterCount => scorers.Sum(scorer => scorer.ParameterCount);

    public async Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var scores = new List<IReadOnlyList<double>>();
        foreach (var scorer in scorers)
        {
            scores.Add(await scorer.ScoreAsync(requests, progress: null, cancellationToken).ConfigureAwait(false));
        }
        return [.. requests.Select((_, i) => EnsembleScore.Combine([.. scores.Select(of => of[i])], combination, uncertaintyWeight))];
    }

    public void Dispose()
    {
        foreach (var scorer in scorers)
        {
            scorer.Dispose();
        }
    }
}
