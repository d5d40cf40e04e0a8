using RlhfSharp.Models.Generation;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.RandomWalks;

/// <summary>How direct walks are; the prompt is the start.</summary>
internal sealed class RandomWalksReward(RandomWalksGraph graph) : IRolloutReward
{
    public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken) =>
        [.. samples.Select(sample => graph.Optimality(sample.Prompt.Prompt.Text + sample.Sample.Text))];

    public void Dispose()
    {
    }
}
