using RlhfSharp.Models.Generation;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;

namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>Rewards answers for the mean log-probability of their tokens, the end included.</summary>
/// <param name="reader">Reads them; the reward takes ownership.</param>
/// <param name="floor">The lowest score.</param>
internal sealed class FluencyReward(AnswerReader reader, double floor) : IRolloutReward
{
    public long ParameterCount => reader.Model.ParameterCount;

    // What is read is not quite what was sampled, another tokenizer's tokens perhaps, but as long.
    public double Cost(IReadOnlyList<Rollout> rollouts) =>
        (double)ParameterCount * PromptSharing.Tokens(reader.Model.Config, [.. rollouts.Select(rollout => rollout.ToDialogue())]);

    public IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken)
    {
        var scores = Enumerable.Repeat(floor, samples.Count).ToArray();
        int[] spoken = [.. Enumerable.Range(0, samples.Count).Where(index => !string.IsNullOrWhiteSpace(samples[index].Sample.Text))];
        var losses = reader.Losses([.. spoken.Select(index => (samples[index].Prompt.Id, samples[index].Prompt.Prompt, samples[index].Sample.Text.Trim()))], cancellationToken);
        foreach (var (index, loss) in spoken.Zip(losses))
        {
            scores[index] = Math.Max(floor, -loss);
        }
        return scores;
    }

    public void Dispose() => reader.Dispose();
}
