using RlhfSharp.Models.Heads;
using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a policy and its value head by PPO.</summary>
public sealed class PpoTask : OnPolicyTask
{
    private readonly PpoOptions _options;
    private readonly ValueHead _head;
    private double[][] _advantages = [];
    private double[][] _returns = [];

    /// <summary>Initializes the task.</summary>
    /// <param name="run">What it is made of; the policy has a value head.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="InputException">The model has no value head, or there is no prompt.</exception>
    public PpoTask(OnPolicyRun run, PpoOptions options)
        : base(run, options) =>
        (_options, _head) = (options, run.Policy.Head<ValueHead>() ?? throw new InputException("PPO needs a model with a value head."));

    /// <inheritdoc/>
    public override double LossWeight(int row) => Rollouts[row].Tokens.Length;

    private protected override void BeginRound()
    {
        var rewards = Rollouts.Select(Rewards).ToArray();
        if (_options.WhitenRewards)
        {
            rewards = Whitening.Apply(rewards, shiftsMean: false);
        }
        var estimates = rewards.Zip(Rollouts, (reward, rollout) =>
            GeneralizedAdvantages.Compute(reward, Array.ConvertAll(rollout.Values!, value => (double)value), _options.Gamma, _options.Lambda)).ToList();
        _advantages = [.. estimates.Select(estimate => estimate.Advantages)];
        _returns = [.. estimates.Select(estimate => estimate.Returns)];
        if (_options.WhitenAdvantages)
        {
            _advantages = Whitening.Apply(_advantages);
        }
    }

    private protected override ObjectiveOutput Forward(IReadOnlyList<int> rows, BranchedBatch batch)
    {
        var hidden = batch.HiddenStates(Policy).index_select(0, batch.ActionPositions);
        var logProbs = OutputProjection.Score(Policy, hidden, batch.ActionTokens).LogProbs;
        Tensor Of(Func<int, IEnumerable<float>> numbers) => Gather(rows, numbers, batch.Tokens.device);
        var old = new SampledActions(
            Of(row => Rollouts[row].LogProbs),
            Of(row => Rollouts[row].Values!),
            Of(row => _advantages[row].Select(advantage => (float)advantage)),
            Of(row => _returns[row].Select(value => (float)value)));
        return Ppo.Loss(logProbs, _head.Values(hidden), old, _options);
    }

    private protected override double NextKlCoefficient(double coefficient, IReadOnlyList<Rollout> rollouts) => _options.KlTarget is { } target
        ? AdaptiveKl.Next(coefficient, rollouts.Average(rollout => Kl(rollout, _options.KlEstimator)), target, rollouts.Count, _options.KlHorizon)
        : coefficient;

    // The penalty at every token, the score on the last: a real token, never padding behind it.
    private double[] Rewards(Rollout rollout)
    {
        var rewards = rollout.LogProbs
            .Zip(rollout.Reference(), (logProb, reference) => -KlCoefficient * KlDivergence.Estimate(logProb, reference, _options.KlEstimator))
            .ToArray();
        rewards[^1] += Score(rollout);
        return rewards;
    }
}
