using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Direct preference optimisation (Rafailov et al. 2023, https://arxiv.org/abs/2305.18290) and its relatives.</summary>
/// <remarks>The formulas are TRL's (trl/trainer/dpo_trainer.py) where it has them. r₊ and r₋ are log π − log π_ref of the two answers, Δ = r₊ − r₋.</remarks>
public static class Dpo
{
    /// <summary>Computes the loss.</summary>
    /// <param name="chosen">log π of the preferred answers, summed over tokens, <c>[pairs]</c>.</param>
    /// <param name="rejected">log π of the others, <c>[pairs]</c>.</param>
    /// <param name="referenceChosen">log π_ref of the preferred answers, <c>[pairs]</c>.</param>
    /// <param name="referenceRejected">log π_ref of the others, <c>[pairs]</c>.</param>
    /// <param name="chosenLengths">Tokens of the preferred answers, <c>[pairs]</c>.</param>
    /// <param name="rejectedLengths">Tokens of the others, <c>[pairs]</c>.</param>
    /// <param name="options">The settings.</param>
    /// <returns>The sum over pairs, and TRL's metrics.</returns>
    public static ObjectiveOutput Loss(
        Tensor chosen, Tensor rejected, Tensor referenceChosen, Tensor referenceRejected, Tensor chosenLengths, Tensor rejectedLengths, DpoOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (gain, loss) = (chosen - referenceChosen, rejected - referenceRejected);
        var perPair = Loss(gain, loss, gain / chosenLengths - loss / rejectedLengths, options);
        if (options.SftCoefficient > 0)
        {
            perPair = perPair - options.SftCoefficient * chosen / chosenLengths;
        }
        var metrics = new ObjectiveMetrics();
        metrics.AddMean("loss", perPair);
        metrics.AddMean("rewards/chosen", options.Beta * gain);
        metrics.AddMean("rewards/rejected", options.Beta * loss);
        metrics.AddMean("rewards/accuracies", (gain > loss).to(ScalarType.Float32));
        metrics.AddMean("rewards/margins", options.Beta * (gain - loss));
        metrics.AddMean("logps/chosen", chosen);
        metrics.AddMean("logps/rejected", rejected);
        return new ObjectiveOutput(perPair.sum(), metrics);
    }

    private static Tensor Loss(Tensor gain, Tensor loss, Tensor perToken, DpoOptions options)
    {
        var (beta, epsilon) = (options.Beta, options.LabelSmoothing);
        var delta = gain - loss;
        Tensor LogSigmoid(Tensor x) => nn.functional.logsigmoid(x);
        return options.LossType switch
        {
            DpoLoss.Sigmoid => -(1 - epsilon) * LogSigmoid(beta * delta) - epsilon * LogSigmoid(-beta * delta),
            DpoLoss.Hinge => nn.functional.relu(1 - beta * delta),
            DpoLoss.Ipo => (perToken - 1 / (2 * beta)).square(),
            DpoLoss.IpoSum => (delta - 1 / (2 * beta)).square(),
            DpoLoss.Robust => (-(1 - epsilon) * LogSigmoid(beta * delta) + epsilon * LogSigmoid(-beta * delta)) / (1 - 2 * epsilon),
            DpoLoss.ApoZero => 1 - (beta * gain).sigmoid() + (beta * loss).sigmoid(),
            DpoLoss.ApoDown => (beta * gain).sigmoid() + 1 - (beta * delta).sigmoid(),
            DpoLoss.SigmoidNorm => -LogSigmoid(beta * perToken),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.LossType, "There is no such loss."),
        };
    }
}
