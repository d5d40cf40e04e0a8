using System.ComponentModel.DataAnnotations;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>How policies are measured on the way; recipe section <c>evaluation</c>. How often is <c>loop.evaluateEvery</c>.</summary>
public sealed record IterationEvaluationOptions
{
    /// <summary>Gets the number of held-out prompts. Peaks are located on one half of them and measured on the other.</summary>
    /// <value>From 4 up. The default is 200.</value>
    [Range(4, int.MaxValue)]
    public int Prompts { get; init; } = 200;

    /// <summary>Gets where the held-out prompts come from.</summary>
    /// <value>The default is evaluation: prompts that are looked at once, in the end. Settings are chosen on validation.</value>
    public HeldOutPart From { get; init; } = HeldOutPart.Evaluation;
}
