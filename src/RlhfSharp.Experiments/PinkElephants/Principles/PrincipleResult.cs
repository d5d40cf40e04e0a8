namespace RlhfSharp.Experiments.PinkElephants;

/// <summary>What <see cref="PrincipleDialogues"/> wrote.</summary>
/// <param name="Dialogues">The rows.</param>
/// <param name="Dropped">What was left out, by step and reason: answers that could not be used, entries, pairs and dialogues.</param>
public sealed record PrincipleResult(DialogueSet Dialogues, IReadOnlyDictionary<string, int> Dropped);
