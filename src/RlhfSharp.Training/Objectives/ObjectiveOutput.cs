using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>What an objective computes for a micro-batch: a sum, so that the loop can divide by the weight of the whole optimiser step.</summary>
/// <param name="LossSum">The loss summed over its units, a scalar with gradients.</param>
/// <param name="Metrics">Values to report, without gradients.</param>
public sealed record ObjectiveOutput(Tensor LossSum, ObjectiveMetrics Metrics);
