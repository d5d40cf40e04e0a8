using static TorchSharp.torch;

namespace RlhfSharp.Training.Objectives;

/// <summary>What the heads compute for a batch of dialogues, at the positions that count.</summary>
/// <param name="LogProbs">Log-probability of each action under the language model, <c>[actions]</c>.</param>
/// <param name="Q">For each Q head the scores of the actions, <c>[actions]</c>.</param>
/// <param name="TargetQ">The smaller target Q of each action, <c>[actions]</c>; without gradients.</param>
/// <param name="Values">V of each state, <c>[states]</c>.</param>
public sealed record IlqlInputs(Tensor LogProbs, IReadOnlyList<TokenScores> Q, Tensor TargetQ, Tensor Values);
