namespace RlhfSharp.Training.Objectives;

/// <summary>Advantages and returns of one sample's actions (Schulman et al. 2016, https://arxiv.org/abs/1506.02438).</summary>
/// <param name="Advantages">One per action.</param>
/// <param name="Returns">One per action: advantage + value.</param>
public sealed record GeneralizedAdvantages(double[] Advantages, double[] Returns)
{
    /// <summary>Computes them: δₜ = rₜ + γVₜ₊₁ − Vₜ, Aₜ = δₜ + γλAₜ₊₁; behind the last action V is 0.</summary>
    /// <param name="rewards">What each action earned.</param>
    /// <param name="values">V of the state that each action leaves.</param>
    /// <param name="gamma">γ, the discount.</param>
    /// <param name="lambda">λ, from 0 (one step) to 1 (the whole way).</param>
    /// <returns>Advantages and returns.</returns>
    public static GeneralizedAdvantages Compute(IReadOnlyList<double> rewards, IReadOnlyList<double> values, double gamma, double lambda)
    {
        if (rewards.Count != values.Count)
        {
            throw new ArgumentException($"There are {rewards.Count} rewards and {values.Count} values; each action has one of both.");
        }
        var (advantages, returns) = (new double[rewards.Count], new double[rewards.Count]);
        var (nextValue, nextAdvantage) = (0.0, 0.0);
        for (var t = rewards.Count - 1; t >= 0; t--)
        {
            advantages[t] = nextAdvantage = rewards[t] + gamma * nextValue - values[t] + gamma * lambda * nextAdvantage;
            returns[t] = advantages[t] + values[t];
            nextValue = values[t];
        }
        return new GeneralizedAdvantages(advantages, returns);
    }
}
