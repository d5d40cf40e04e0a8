using RlhfSharp.Models;

namespace RlhfSharp.Training.Rollouts;

/// <summary>What every on-policy task is made of, whatever its objective.</summary>
/// <param name="Policy">The policy, as it starts.</param>
/// <param name="Prompts">What it is asked, at least one.</param>
/// <param name="Sampler">Draws its answers; the task takes ownership.</param>
/// <param name="Log">Where samples are kept.</param>
/// <param name="Grow">Where a round's samples are kept while it is drawn.</param>
/// <param name="RowsPerStep">The number of rows of a step: <c>loop.rowsPerStep</c>.</param>
/// <param name="Seed">The run's seed.</param>
public sealed record OnPolicyRun(LanguageModel Policy, IReadOnlyList<RolloutPrompt> Prompts, RolloutSampler Sampler, RolloutLog Log, GrowLog Grow, int RowsPerStep, long Seed);
