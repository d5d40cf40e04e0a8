using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Rewards;

/// <summary>Scores answers: a reward model, here or elsewhere.</summary>
public interface IScorer : IDisposable
{
    /// <summary>Gets the number of parameters that a token of an answer passes through.</summary>
    /// <value>0 where it is not known, as of a server's.</value>
    long ParameterCount => 0;

    /// <summary>Tells whether an answer would be scored in full.</summary>
    /// <param name="request">The answer.</param>
    /// <returns>False where it is known to be longer than the model can read; true also where that is not known, as of a server's model.</returns>
    bool ReadsWhole(ScoreRequest request) => true;

    /// <summary>Scores answers.</summary>
    /// <param name="requests">The answers, in any order; their ids differ.</param>
    /// <param name="progress">Is told which share is done; may be null.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>One finite score per request, in their order.</returns>
    /// <exception cref="InputException">A request cannot be scored, or a score is no number.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<IReadOnlyList<double>> ScoreAsync(IReadOnlyList<ScoreRequest> requests, IProgress<double>? progress, CancellationToken cancellationToken);
}
