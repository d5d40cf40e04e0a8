using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Makes rewards what the objective asks for.</summary>
internal static class Rewards
{
    /// <summary>Standardises rewards over the training rows where the objective wants that.</summary>
    public static IReadOnlyList<TokenizedDialogue> Prepare(IReadOnlyList<TokenizedDialogue> dialogues, ObjectiveOptions objective) =>
        objective is IlqlOptions { StandardizeRewards: true } ? RewardStandardizer.Standardize(dialogues).Dialogues : dialogues;
}
