using System.Text.Json.Nodes;

namespace RlhfSharp.Training.Runs;

/// <summary>An evaluation alone, for what is measured without training. There is one unit, and no checkpoint is written.</summary>
/// <param name="directory">The run's folder.</param>
/// <param name="evaluation">Measures.</param>
/// <param name="compute">What was computed before: see <see cref="Loop.LoopOptions.ComputeBudget"/>.</param>
/// <param name="observers">Watch.</param>
public sealed class EvaluationPhase(RunDirectory directory, IEvaluation evaluation, double compute, IReadOnlyList<IRunObserver> observers) : Phase
{
    /// <inheritdoc/>
    public override string Name => "evaluate";

    /// <inheritdoc/>
    public override int UnitCount => 1;

    /// <inheritdoc/>
    public override void Open(JsonObject? state)
    {
    }

    /// <inheritdoc/>
    public override void RunUnit(int unit, CancellationToken cancellationToken)
    {
        var result = evaluation.Evaluate(0, isLast: true, cancellationToken);
        RunResults.Record(directory, 0, 0, result, observers);
        RunResults.Write(directory.Path, result, compute);
    }

    /// <inheritdoc/>
    public override bool CommitsAfter(int unit) => false;

    /// <inheritdoc/>
    public override JsonObject Commit(int nextUnit) => [];

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
