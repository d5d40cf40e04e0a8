namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>One row with one seed.</summary>
/// <param name="Row">The row's name.</param>
/// <param name="Recipe">Its recipe.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Plan">What is computed for it.</param>
internal sealed record IterationTask(string Row, IterationRecipe Recipe, long Seed, IterationPlan Plan);
