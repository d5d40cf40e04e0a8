namespace RlhfSharp.Training.Data;

/// <summary>Dialogues with z-scored rewards, and how to get the rewards back.</summary>
/// <param name="Mean">Mean of the given rewards.</param>
/// <param name="Deviation">Their standard deviation with n − 1 in the denominator; null when there was only one, which was then not scaled.</param>
/// <param name="Dialogues">The dialogues, in the order in which they came.</param>
public sealed record StandardizedRewards(double Mean, double? Deviation, IReadOnlyList<TokenizedDialogue> Dialogues);
