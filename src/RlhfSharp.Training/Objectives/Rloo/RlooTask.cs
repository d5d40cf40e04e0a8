using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a policy by RLOO.</summary>
/// <param name="model">The policy.</param>
/// <param name="prompts">What it is asked.</param>
/// <param name="sampler">Draws its answers; the task takes ownership.</param>
/// <param name="log">Where samples are kept.</param>
/// <param name="options">Settings.</param>
/// <param name="rowsPerStep">The number of samples of a step: <c>loop.rowsPerStep</c>.</param>
/// <param name="seed">The run's seed.</param>
public sealed class RlooTask(
    LanguageModel model, IReadOnlyList<RolloutPrompt> prompts, RolloutSampler sampler, RolloutLog log, RlooOptions options, int rowsPerStep, long seed)
    : OnPolicyTask(model, prompts, sampler, log, options, rowsPerStep, seed)
{
    private float[] _advantages = [];

    /// <inheritdoc/>
    public override double LossWeight(int row) => 1;

    private protected override void BeginRound()
    {
        var groups = Rollouts.Select(rollout => Score(rollout) - KlCoefficient * Kl(rollout, KlEstimator.K1)).Chunk(options.SamplesPerPrompt);
        double[][] advantages = [.. groups.Select(GroupAdvantages.LeaveOneOut)];
        if (options.NormalizeAdvantages)
        {
            advantages = Whitening.Apply(advantages);
        }
        _advantages = [.. advantages.SelectMany(group => group).Select(advantage => (float)advantage)];
    }

    private protected override ObjectiveOutput Forward(IReadOnlyList<int> rows, DialogueBatch batch)
    {
        Tensor Of(Func<int, float> number) => Gather(rows, row => [number(row)], batch.Device);
        return Rloo.Loss(AnswerLogProbs.Sums(Policy, batch), Of(row => Rollouts[row].LogProbs.Sum()), Of(row => _advantages[row]), options);
    }
}
