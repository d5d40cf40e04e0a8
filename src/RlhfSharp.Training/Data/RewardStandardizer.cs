using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Brings the rewards of a data set to mean 0 and deviation 1.</summary>
/// <remarks>As trlX (<c>accelerate_ilql_trainer.py</c>, <c>make_experience</c>), with every rewarded token where trlX has one reward per dialogue:
/// the mean over the whole data set is subtracted, then the rest divided by the unbiased deviation + 2⁻⁵². trlX turns rewards that are all equal
/// into zeros, from which nothing can be learnt; here they are an error.</remarks>
public static class RewardStandardizer
{
    // The distance from 1 to the next double, numpy's finfo(float64).eps; double.Epsilon is something else.
    private const double MachineEpsilon = 2.220446049250313e-16;

    /// <summary>Standardises rewards.</summary>
    /// <param name="dialogues">Dialogues; those without rewards are passed through.</param>
    /// <returns>Mean, deviation and new dialogues; what was given stays as it is.</returns>
    /// <exception cref="InputException">No token carries a reward, a reward is not finite, or two and more rewards are all equal.</exception>
    public static StandardizedRewards Standardize(IReadOnlyList<TokenizedDialogue> dialogues)
    {
        ArgumentNullException.ThrowIfNull(dialogues);
        var rewards = new List<double>();
        foreach (var dialogue in dialogues)
        {
            foreach (var token in dialogue.RewardedTokens)
            {
                var reward = dialogue.Rewards![token];
                rewards.Add(double.IsFinite(reward) ? reward
                    : throw new InputException($"{dialogue.Source}: the reward of token {token} is {reward}, expected a finite number."));
            }
        }
        if (rewards.Count == 0)
        {
            throw new InputException("The data set holds no rewards to standardise. Set standardizeRewards: false, or give rewards.");
        }
        if (rewards.Count > 1 && rewards.All(reward => reward == rewards[0]))
        {
            throw new InputException($"All {rewards.Count} rewards are {rewards[0]}: there is nothing to learn from their differences, and "
                + "z-scores would divide by 0. Set standardizeRewards: false to use them as they are.");
        }
        var mean = rewards.Average();
        double? deviation = rewards.Count > 1 ? Math.Sqrt(rewards.Sum(reward => (reward - mean) * (reward - mean)) / (rewards.Count - 1)) : null;
        return new StandardizedRewards(mean, deviation, [.. dialogues.Select(dialogue => Apply(dialogue, mean, deviation))]);
    }

    private static TokenizedDialogue Apply(TokenizedDialogue dialogue, double mean, double? deviation)
    {
        if (dialogue.Rewards is null)
        {
            return dialogue;
        }
        var rewards = new double[dialogue.Rewards.Length];
        foreach (var token in dialogue.RewardedTokens)
        {
            var centred = dialogue.Rewards[token] - mean;
            rewards[token] = deviation is { } scale ? centred / (scale + MachineEpsilon) : centred;
        }
        return dialogue with { Rewards = rewards };
    }
}
