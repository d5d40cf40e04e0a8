using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a policy by RLOO.</summary>
/// <param name="run">What it is made of.</param>
/// <param name="options">Settings.</param>
public sealed class RlooTask(OnPolicyRun run, RlooOptions options) : OnPolicyTask(run, options)
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

    private protected override ObjectiveOutput Forward(IReadOnlyList<int> rows, BranchedBatch batch)
    {
        Tensor Of(Func<int, float> number) => Gather(rows, row => [number(row)], batch.Tokens.device);
        return Rloo.Loss(AnswerLogProbs.Sums(Policy, batch), Of(row => Rollouts[row].LogProbs.Sum()), Of(row => _advantages[row]), options);
    }
}
