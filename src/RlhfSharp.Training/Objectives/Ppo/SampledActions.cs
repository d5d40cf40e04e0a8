using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>What is known of actions since they were sampled. All <c>[actions]</c>, real tokens only, without gradients.</summary>
/// <param name="LogProbs">log π of the policy that sampled them.</param>
/// <param name="Values">V of the states they left, then.</param>
/// <param name="Advantages">How much better than expected they turned out.</param>
/// <param name="Returns">What followed: advantage, before whitening, plus value.</param>
public sealed record SampledActions(Tensor LogProbs, Tensor Values, Tensor Advantages, Tensor Returns);
