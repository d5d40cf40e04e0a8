using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>−log π of answer tokens: what supervised fine-tuning and language modelling minimise.</summary>
public static class NegativeLogLikelihood
{
    /// <summary>Computes loss and metrics of a batch.</summary>
    /// <param name="logProbs">Log-probability of each answer token, <c>[tokens]</c>.</param>
    /// <returns>The sum over tokens. The caller's dispose scope owns every tensor; no value is read back.</returns>
    public static ObjectiveOutput Loss(Tensor logProbs)
    {
        var loss = -logProbs;
        var metrics = new ObjectiveMetrics();
        metrics.AddMean("loss", loss);
        return new ObjectiveOutput(loss.sum(), metrics);
    }
}
