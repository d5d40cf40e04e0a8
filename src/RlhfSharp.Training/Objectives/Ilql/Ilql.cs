using RlhfSharp.Training.Data;
using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>Implicit language Q-learning: learns from rewarded text which token is worth taking, without generating any.</summary>
/// <remarks>Snell et al. 2022, https://arxiv.org/abs/2206.11871, in trlX's form (trlx/models/modeling_ilql.py). Per action, with
/// y = r + γ·V′ (or a longer return) and Q̄ the smaller target:
/// Σᵢ(Qᵢ − y)² + |τ − 1[Q̄ &lt; V]|·(Q̄ − V)² + cqlScale·Σᵢ(logΣexp Qᵢ − Qᵢ) − awacScale·exp(beta·(Q̄ − V))·log π.
/// No gradient flows through y, Q̄ or the exponential.</remarks>
public static class Ilql
{
    /// <summary>Computes loss and metrics of a batch.</summary>
    /// <param name="inputs">What the heads computed; gradients flow back here.</param>
    /// <param name="actions">Which state each action leaves and reaches, and what it earned.</param>
    /// <param name="options">Settings, already validated.</param>
    /// <returns>The sum over actions, under trlX's metric names. The caller's dispose scope owns every tensor; no value is read back.</returns>
    public static ObjectiveOutput Loss(IlqlInputs inputs, ActionLayout actions, IlqlOptions options)
    {
        var values = inputs.Values.index_select(0, actions.State);                                       // V, [actions]
        var nextValues = inputs.Values.detach().index_select(0, actions.NextState) * actions.Continues;  // 0 at the end of a dialogue
        var targets = Returns(actions, nextValues, options);                                             // y, [actions]
        var advantages = inputs.TargetQ - values;

        var qLoss = inputs.Q.Select(q => (q.Taken - targets).square()).Aggregate(add);
        var valueLoss = (options.Tau - (advantages.detach() < 0).to(values.dtype)).abs() * advantages.square();
        var conservativeLoss = inputs.Q.Select(q => q.LogSumExp - q.Taken).Aggregate(add);
        var weights = (options.Beta * advantages.detach()).exp();
        var imitationLoss = -weights * inputs.LogProbs;
        var loss = qLoss + valueLoss + options.CqlScale * conservativeLoss + options.AwacScale * imitationLoss;   // [actions]

        var metrics = new ObjectiveMetrics();
        metrics.AddMean("losses/loss", loss);
        metrics.AddMean("losses/loss_q", qLoss);
        metrics.AddMean("losses/loss_v", valueLoss);
        metrics.AddMean("losses/loss_cql", conservativeLoss);
        metrics.AddMean("losses/loss_awac", imitationLoss);
        metrics.AddDistribution("values", values);
        for (var i = 0; i < inputs.Q.Count; i++)
        {
            metrics.AddDistribution($"qvalues/{i}", inputs.Q[i].Taken);
        }
        metrics.AddDistribution("awac_weight", weights);
        return new ObjectiveOutput(loss.sum(), metrics);
    }

    /// <summary>Computes what Q is trained towards.</summary>
    /// <param name="actions">Rewards, and which actions belong to one dialogue.</param>
    /// <param name="nextValues">V of the state each action reaches, 0 at the end of a dialogue, <c>[actions]</c>; without gradients.</param>
    /// <param name="options">Which target, γ and λ.</param>
    /// <returns><c>[actions]</c>.</returns>
    /// <remarks>The λ-return is Σₖ (γλ)ᵏ·(r + γ(1 − λ)·V′) over this and the later actions of a dialogue (Sutton and Barto 2018, equation 12.3,
    /// summed up recursively); λ = 0 is one step, λ = 1 Monte-Carlo.</remarks>
    public static Tensor Returns(ActionLayout actions, Tensor nextValues, IlqlOptions options)
    {
        var lambda = options.Targets switch { ReturnTarget.OneStep => 0, ReturnTarget.MonteCarlo => 1, _ => options.Lambda };
        var steps = actions.Rewards + options.Gamma * (1 - lambda) * nextValues;
        return lambda == 0 ? steps : actions.DiscountedSums(steps, options.Gamma * lambda);
    }
}
