using RlhfSharp.Models.Generation;

namespace RlhfSharp.Training.Rollouts;

/// <summary>Says how good samples are, in one respect: a reward model, a rule, the task's own measure.</summary>
public interface IRolloutReward : IDisposable
{
    /// <summary>Gets the number of parameters that a token of a sample passes through to be scored.</summary>
    /// <value>0 where no model is asked, or none on this machine.</value>
    long ParameterCount => 0;

    /// <summary>Computes what it costs to score samples: tokens times the parameters that each passes through.</summary>
    /// <param name="rollouts">The samples.</param>
    /// <returns>By default each sample passes behind a prompt of its own.</returns>
    double Cost(IReadOnlyList<Rollout> rollouts)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        return (double)ParameterCount * rollouts.Sum(rollout => (long)rollout.PromptTokens.Length + rollout.Tokens.Length);
    }

    /// <summary>Scores samples.</summary>
    /// <param name="samples">With their prompts.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>One score per sample, in their order.</returns>
    /// <exception cref="Models.Runtime.InputException">A sample cannot be scored.</exception>
    IReadOnlyList<double> Score(IReadOnlyList<(RolloutPrompt Prompt, GeneratedSample Sample)> samples, CancellationToken cancellationToken);
}
