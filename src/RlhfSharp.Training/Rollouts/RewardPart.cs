namespace RlhfSharp.Training.Rollouts;

/// <summary>A reward with a name and a weight, as part of a sum.</summary>
/// <param name="Name">For metrics; unique in the sum.</param>
/// <param name="Weight">How much it counts.</param>
/// <param name="IsStandardized">Whether its scores are brought to mean 0 and standard deviation 1 within each round before they are weighed.</param>
/// <param name="Clip">The bound on its scores, after that; null for none.</param>
/// <param name="Reward">Gives the scores.</param>
public sealed record RewardPart(string Name, double Weight, bool IsStandardized, double? Clip, IRolloutReward Reward);
