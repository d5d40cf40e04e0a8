using RlhfSharp.Models.Generation;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Takes of several samples of a prompt the one that a reward finds best.</summary>
/// <param name="Samples">How many samples there are of each prompt.</param>
/// <param name="Reward">Scores them; stays the caller's.</param>
internal sealed record BestAnswer(int Samples, WeightedReward Reward)
{
    /// <summary>Chooses.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="samples">Their samples, by prompt and then by sample.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>One sample per prompt; of equally good ones the first.</returns>
    public IReadOnlyList<GeneratedSample> Choose(IReadOnlyList<RolloutPrompt> prompts, IReadOnlyList<GeneratedSample> samples, CancellationToken cancellationToken)
    {
        var rewards = Reward.Score([.. samples.Select((sample, index) => (prompts[index / Samples], sample))], cancellationToken);
        return [.. samples.Zip(rewards, (sample, reward) => (sample, reward.Total)).Chunk(Samples).Select(group => group.MaxBy(one => one.Total).sample)];
    }
}
