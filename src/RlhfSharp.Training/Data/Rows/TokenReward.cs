namespace RlhfSharp.Training.Data;

/// <summary>A reward for a place in a completion.</summary>
/// <param name="At">Offset in UTF-16 code units from the start of the completion; the reward goes to the token that contains this character.</param>
/// <param name="Reward">A finite number.</param>
public readonly record struct TokenReward(int At, double Reward);
