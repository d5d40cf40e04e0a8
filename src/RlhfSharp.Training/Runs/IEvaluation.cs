namespace RlhfSharp.Training.Runs;

/// <summary>Measures the model in training.</summary>
public interface IEvaluation
{
    /// <summary>Measures the model as it is.</summary>
    /// <param name="step">The number of updates so far.</param>
    /// <param name="isLast">Whether training ends here: the result that counts.</param>
    /// <param name="cancellationToken">Asked between batches.</param>
    /// <returns>Metrics and samples.</returns>
    EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken);
}
