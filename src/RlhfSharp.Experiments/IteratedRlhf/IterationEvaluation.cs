using RlhfSharp.Training.Objectives;
using RlhfSharp.Training.Rollouts;
using RlhfSharp.Training.Runs;

namespace RlhfSharp.Experiments.IteratedRlhf;

/// <summary>Measures a policy that is trained on the held-out prompts: what gold and proxy say, and how far it has gone from the start. The same random numbers each time, so that
/// differences are the policy's.</summary>
/// <param name="sampler">Draws answers, scores them by gold and proxy, and reads them with the start.</param>
/// <param name="prompts">The held-out prompts.</param>
/// <param name="measures">Measures.</param>
/// <param name="options">Length.</param>
internal sealed class IterationEvaluation(RolloutSampler sampler, IReadOnlyList<RolloutPrompt> prompts, IterationMeasures measures, OnPolicyOptions options) : IEvaluation
{
    private const int SamplesPerPrompt = 2;

    public EvaluationResult Evaluate(int step, bool isLast, CancellationToken cancellationToken)
    {
        var rollouts = sampler.Draw(0, prompts, SamplesPerPrompt, options, cancellationToken);
        var pairs = rollouts.Chunk(SamplesPerPrompt).ToList();
        return measures.Of(
            step,
            pairs,
            pairs.ConvertAll(pair => (pair.Average(measures.Gold), pair.Average(rollout => rollout.Rewards[IterationMeasures.Proxy]), pair.Average(rollout => rollout.LogRatio()))),
            rollouts.Average(rollout => -rollout.LogProbs.Sum(logProb => (double)logProb)));
    }
}
