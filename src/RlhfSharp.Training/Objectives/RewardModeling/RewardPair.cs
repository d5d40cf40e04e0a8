using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Objectives;

/// <summary>A preference as a reward model reads it.</summary>
/// <param name="Source">Where the row stands.</param>
/// <param name="Group">The same for the same prompt.</param>
/// <param name="Chosen">Token ids of the prompt with the preferred answer.</param>
/// <param name="Rejected">Token ids of the prompt with the other one.</param>
public sealed record RewardPair(RowSource Source, string Group, IReadOnlyList<int> Chosen, IReadOnlyList<int> Rejected);
