using RlhfSharp.Models.Generation;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Rollouts;

/// <summary>A weighted sum of rewards: what a policy is trained on.</summary>
/// <param name="parts">At least one; the sum takes ownership.</param>
/// <param name="trainingCompute">What it cost to train the models among them: passes of a token times the parameters it passes through. 0 where that is not known.</param>
public sealed class WeightedReward(IReadOnlyList<RewardPart> parts, double trainingCompute = 0) : IDisposable
{
    /// <summary>Gets the number of parameters that a token of a sample passes through to be scored.</summary>
    public long ParameterCount => parts.Sum(part => part.Reward.ParameterCount);

    /// <summary>Gets what it cost to train the models of the reward: passes of a token times the parameters it passes through.</summary>
    public double TrainingCompute => trainingCompute;

    /// <summary>Computes what it costs to score samples: tokens times the parameters that each passes through.</summary>
    /// <param name="rollouts">The samples.</param>
    public double Cost(IReadOnlyList<Rollout> rollouts) => parts.Sum(part => part.Reward.Cost(rollouts));

    /// <summary>Scores samples.</summary>
    /// <param name="samples">All of a round, with their prompts.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Per sample, in their order: what counts, and the parts as they came, by name.</returns>
    /// <exception cref="InputException">A part gives too few scores, or one that is no number.</exception>
    public IReadOnlyList<(double Total, OrderedDictionary<string, double> Parts)> Score(
        IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken)
    {
        var (totals, byName) = (new double[samples.Count], samples.Select(_ => new OrderedDictionary<string, double>()).ToList());
        foreach (var part in parts)
        {
            var scores = part.Reward.Score(samples, cancellationToken);
            Check(part.Name, scores, samples);
            var counted = part.IsStandardized ? Standardize(scores) : scores;
            for (var i = 0; i < samples.Count; i++)
            {
                byName[i][part.Name] = scores[i];
                totals[i] += part.Weight * (part.Clip is { } clip ? Math.Clamp(counted[i], -clip, clip) : counted[i]);
            }
        }
        return [.. totals.Zip(byName)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in parts)
        {
            part.Reward.Dispose();
        }
    }

    private static void Check(string name, IReadOnlyList<double> scores, IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples)
    {
        if (scores.Count != samples.Count)
        {
            throw new InputException($"The reward '{name}' gave {scores.Count} scores for {samples.Count} samples.");
        }
        if (scores.Index().FirstOrDefault(score => !double.IsFinite(score.Item), (-1, 0)) is { Index: >= 0 } wrong)
        {
            var (prompt, sample) = samples[wrong.Index];
            throw new InputException($"The reward '{name}' is {wrong.Item} for sample {sample.Sample} of prompt {prompt.Id}. A reward is a finite number.");
        }
    }

    private static double[] Standardize(IReadOnlyList<double> scores)
    {
        var mean = scores.Average();
        var deviation = Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / scores.Count);
        return [.. scores.Select(score => deviation > 0 ? (score - mean) / deviation : 0)];
    }
}
