namespace RlhfSharp.Training.Objectives;

/// <summary>Advantages of whole samples against the others of their prompt: no value function is learnt.</summary>
public static class GroupAdvantages
{
    private const double Epsilon = 1e-4;   // TRL

    /// <summary>Leave-one-out (Ahmadian et al. 2024, https://arxiv.org/abs/2402.14740): each reward minus the mean of the prompt's other rewards.</summary>
    /// <param name="rewards">Of one prompt's samples, at least two.</param>
    /// <returns>One per sample; they sum to 0.</returns>
    public static double[] LeaveOneOut(IReadOnlyList<double> rewards)
    {
        var sum = rewards.Sum();
        return [.. rewards.Select(reward => reward - (sum - reward) / (rewards.Count - 1))];
    }

    /// <summary>Relative to the group (Shao et al. 2024, https://arxiv.org/abs/2402.03300): (reward − mean) / (deviation + 10⁻⁴), the deviation unbiased.</summary>
    /// <param name="groups">The rewards of each prompt's samples, at least two each.</param>
    /// <param name="scale">What the deviation is of.</param>
    /// <returns>One per sample.</returns>
    public static double[][] Relative(IReadOnlyList<double[]> groups, AdvantageScale scale)
    {
        var centred = groups.Select(group => Array.ConvertAll(group, reward => reward - group.Average())).ToArray();
        var ofBatch = Deviation([.. groups.SelectMany(group => group)]);
        return
        [
            .. centred.Zip(groups, (values, group) => scale switch
            {
                AdvantageScale.Group => Array.ConvertAll(values, value => value / (Deviation(group) + Epsilon)),
                AdvantageScale.Batch => Array.ConvertAll(values, value => value / (ofBatch + Epsilon)),
                _ => values,
            }),
        ];
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }
}
