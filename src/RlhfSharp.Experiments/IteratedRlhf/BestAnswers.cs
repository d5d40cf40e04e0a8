using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Chooses the best of several answers by one of their rewards.</summary>
internal static class BestAnswers
{
    /// <summary>Chooses two answers per prompt: the best of the first n, and the best of the other n.</summary>
    /// <param name="drawn">2n answers of each prompt, by prompt and then by sample.</param>
    /// <param name="samples">n.</param>
    /// <param name="judge">The name of the reward that decides; of equally good answers the first is taken.</param>
    /// <returns>Two per prompt, numbered 0 and 1.</returns>
    public static IReadOnlyList<Rollout> Choose(IReadOnlyList<Rollout> drawn, int samples, string judge) =>
        [.. drawn.Chunk(samples).Select((group, index) => group.MaxBy(answer => answer.Rewards[judge])! with { Sample = index % 2 })];
}
