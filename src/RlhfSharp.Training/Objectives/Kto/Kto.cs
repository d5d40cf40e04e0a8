using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Kahneman-Tversky optimisation (Ethayarajh et al. 2024, https://arxiv.org/abs/2402.01306): learns from answers that are good or bad by themselves.</summary>
/// <remarks>The formulas are TRL's (trl/trainer/kto_trainer.py).</remarks>
public static class Kto
{
    /// <summary>Computes the loss.</summary>
    /// <param name="logProbs">log π of the answers, summed over tokens, <c>[answers]</c>.</param>
    /// <param name="reference">log π_ref of them, <c>[answers]</c>.</param>
    /// <param name="isDesirable">1 for a good answer, 0 for a bad one, <c>[answers]</c>.</param>
    /// <param name="kl">The divergence from the reference, estimated on answers to other prompts; 0 or more, without gradient.</param>
    /// <param name="options">The settings.</param>
    /// <returns>The sum over answers, and TRL's metrics.</returns>
    public static ObjectiveOutput Loss(Tensor logProbs, Tensor reference, Tensor isDesirable, double kl, KtoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var reward = logProbs - reference;
        var sign = 2 * isDesirable - 1;
        var centre = options.LossType == KtoLoss.Kto ? kl : 0;
        var weight = isDesirable * options.DesirableWeight + (1 - isDesirable) * options.UndesirableWeight;
        var perAnswer = weight * (1 - (sign * options.Beta * (reward - centre)).sigmoid());
        var (good, bad) = (isDesirable > 0.5, isDesirable < 0.5);
        var metrics = new ObjectiveMetrics();
        metrics.AddMean("loss", perAnswer);
        metrics.AddMean("rewards/chosen", (options.Beta * reward).masked_select(good));
        metrics.AddMean("rewards/rejected", (options.Beta * reward).masked_select(bad));
        metrics.AddMean("logps/chosen", logProbs.masked_select(good));
        metrics.AddMean("logps/rejected", logProbs.masked_select(bad));
        return new ObjectiveOutput(perAnswer.sum(), metrics);
    }
}
