using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>The Bradley-Terry model of preferences: people choose an answer with probability σ(its score − the other's).</summary>
/// <remarks>−log σ(r₊ − r₋ − m) + λ·(r₊ + r₋)², as in TRL (trl/trainer/reward_trainer.py). Bradley and Terry 1952; the centring term: Eisenstein et al. 2023,
/// https://arxiv.org/abs/2312.09244.</remarks>
public static class BradleyTerry
{
    /// <summary>Computes the loss.</summary>
    /// <param name="chosen">Scores of the preferred answers, <c>[pairs]</c>.</param>
    /// <param name="rejected">Scores of the others, <c>[pairs]</c>.</param>
    /// <param name="margins">By how much the preferred one must lead at least, <c>[pairs]</c>; null for 0.</param>
    /// <param name="centerCoefficient">λ.</param>
    /// <returns>The sum over pairs, and TRL's metrics; <c>margin</c> is the lead itself, without m.</returns>
    public static ObjectiveOutput Loss(Tensor chosen, Tensor rejected, Tensor? margins, double centerCoefficient)
    {
        var lead = chosen - rejected;
        var loss = -nn.functional.logsigmoid(margins is null ? lead : lead - margins);
        if (centerCoefficient > 0)
        {
            loss = loss + centerCoefficient * (chosen + rejected).square();
        }
        var metrics = new ObjectiveMetrics();
        metrics.AddMean("loss", loss);
        metrics.AddMean("accuracy", (lead > 0).to(ScalarType.Float32));
        metrics.AddMean("margin", lead);
        metrics.AddMean("mean_reward", cat([chosen, rejected], 0));
        return new ObjectiveOutput(loss.sum(), metrics);
    }
}
