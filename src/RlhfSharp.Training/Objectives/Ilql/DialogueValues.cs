namespace RlhfSharp.Training.Objectives;

/// <summary>What ILQL's heads think of a dialogue.</summary>
/// <param name="TargetQ">The smaller target Q of each answer token.</param>
/// <param name="Values">V before each answer token and, last, after the dialogue.</param>
public sealed record DialogueValues(IReadOnlyList<double> TargetQ, IReadOnlyList<double> Values);
