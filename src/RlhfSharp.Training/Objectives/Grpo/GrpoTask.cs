using RlhfSharp.Models;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rollouts;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Trains a policy by GRPO.</summary>
/// <param name="model">The policy.</param>
/// <param name="prompts">What it is asked.</param>
/// <param name="sampler">Draws its answers; the task takes ownership.</param>
/// <param name="log">Where samples are kept.</param>
/// <param name="options">Settings.</param>
/// <param name="rowsPerStep">The number of samples of a step: <c>loop.rowsPerStep</c>.</param>
/// <param name="seed">The run's seed.</param>
public sealed class GrpoTask(
    LanguageModel model, IReadOnlyList<RolloutPrompt> prompts, RolloutSampler sampler, RolloutLog log, GrpoOptions options, int rowsPerStep, long seed)
    : OnPolicyTask(model, prompts, sampler, log, options, rowsPerStep, seed)
{
    private float[] _advantages = [];

    /// <inheritdoc/>
    public override double LossWeight(int row) => options.LossType == GrpoLoss.Dapo ? Rollouts[row].Tokens.Length : 1;

    private protected override void BeginRound()
    {
        var groups = Rollouts.Select(Score).Chunk(options.SamplesPerPrompt).ToList();
        _advantages = [.. GroupAdvantages.Relative(groups, options.ScaleRewards).SelectMany(group => group).Select(advantage => (float)advantage)];
    }

    private protected override ObjectiveOutput Forward(IReadOnlyList<int> rows, DialogueBatch batch)
    {
        Tensor Of(Func<int, IEnumerable<float>> numbers) => Gather(rows, numbers, batch.Device);
        IEnumerable<float> Each(int row, float number) => Enumerable.Repeat(number, Rollouts[row].Tokens.Length);
        return Grpo.Loss(
            SupervisedFineTuningTask.LogProbs(Policy, batch),
            Of(row => Rollouts[row].LogProbs),
            Of(row => Rollouts[row].ReferenceLogProbs),
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
