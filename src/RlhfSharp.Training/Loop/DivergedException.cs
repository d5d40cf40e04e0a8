using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Loop;

/// <summary>The loss or its gradient became NaN or infinite. The weights are those of the step before.</summary>
public sealed class DivergedException : InputException
{
    /// <summary>Initializes the error.</summary>
    /// <param name="step">The step that was not taken.</param>
    /// <param name="gradNorm">The norm of its gradient.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="rows">The rows of the step, named.</param>
    public DivergedException(int step, double gradNorm, double learningRate, IReadOnlyList<string> rows)
        : base($"Step {step}: gradient norm is {gradNorm}; weights not updated. Rows of this step: {string.Join(", ", rows.Take(8))}"
            + $"{(rows.Count > 8 ? $" and {rows.Count - 8} more" : string.Empty)}. "
            + $"Resume from the last checkpoint with a lower optimizer.learningRate (now {learningRate:R}).")
    {
        Step = step;
        Rows = rows;
    }

    /// <summary>Gets the step that was not taken.</summary>
    public int Step { get; }

    /// <summary>Gets the rows of the step, named.</summary>
    public IReadOnlyList<string> Rows { get; }
}
