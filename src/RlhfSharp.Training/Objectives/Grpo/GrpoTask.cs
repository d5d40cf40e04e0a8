using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a policy by GRPO.</summary>
/// <param name="run">What it is made of.</param>
/// <param name="options">Settings.</param>
public sealed class GrpoTask(OnPolicyRun run, GrpoOptions options) : OnPolicyTask(run, options)
{
    private float[] _advantages = [];

    /// <inheritdoc/>
    public override double LossWeight(int row) => options.LossType == GrpoLoss.Dapo ? Rollouts[row].Tokens.Length : 1;

    private protected override void BeginRound()
    {
        var groups = Rollouts.Select(Score).Chunk(options.SamplesPerPrompt).ToList();
        _advantages = [.. GroupAdvantages.Relative(groups, options.ScaleRewards).SelectMany(group => group).Select(advantage => (float)advantage)];
    }

    private protected override ObjectiveOutput Forward(IReadOnlyList<int> rows, BranchedBatch batch)
    {
        Tensor Of(Func<int, IEnumerable<float>> numbers) => Gather(rows, numbers, batch.Tokens.device);
        IEnumerable<float> Each(int row, float number) => Enumerable.Repeat(number, Rollouts[row].Tokens.Length);
        return Grpo.Loss(
            batch.LogProbs(Policy),
            Of(row => Rollouts[row].LogProbs),
            Of(row => Rollouts[row].Reference()),
            Of(row => Each(row, _advantages[row])),
            Of(row => Each(row, TokenWeight(row))),
            options);
    }

    private float TokenWeight(int row) => options.LossType switch
    {
        GrpoLoss.Grpo => 1f / Rollouts[row].Tokens.Length,
        GrpoLoss.DrGrpo => 1f / options.MaxNewTokens,
        _ => 1,
    };
}
