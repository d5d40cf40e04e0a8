using RlhfSharp.Training.Loop;

namespace RlhfSharp.Training.Runs;

/// <summary>Watches a run: a console, TensorBoard. What it does has no effect on the run.</summary>
public interface IRunObserver
{
    /// <summary>Called after each optimiser step.</summary>
    /// <param name="report">What happened.</param>
    /// <param name="totalSteps">The number of steps of the run.</param>
    void OnStep(StepReport report, int totalSteps);

    /// <summary>Called after each evaluation.</summary>
    /// <param name="step">The number of updates so far.</param>
    /// <param name="metrics">What was measured.</param>
    void OnEvaluation(int step, IReadOnlyDictionary<string, double> metrics);

    /// <summary>Called when something deserves attention.</summary>
    /// <param name="message">What, and what can be done.</param>
    void OnWarning(string message);
}
