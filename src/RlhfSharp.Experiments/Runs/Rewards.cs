using RlhfSharp.Training.Data;
using RlhfSharp.Training.Objectives;

namespace RlhfSharp.Experiments.Runs;

/// <summary>Makes rewards what the objective asks for.</summary>
internal static class Rewards
{
    /// <summary>Gives rows other rewards. Where in a row its reward lies stays as the data has it.</summary>
    /// <param name="dialogues">Rows with a rewarded token each.</param>
    /// <param name="rewards">One per row.</param>
    public static IReadOnlyList<TokenizedDialogue> Judge(IReadOnlyList<TokenizedDialogue> dialogues, IReadOnlyList<double> rewards) =>
    [
        .. dialogues.Zip(rewards, (dialogue, reward) =>
        {
            var place = dialogue.RewardedTokens[^1];
            return dialogue with { Rewards = [.. dialogue.Tokens.Select((_, token) => token == place ? reward : 0)], RewardedTokens = [place] };
        }),
    ];

    /// <summary>Standardises rewards over the training rows where the objective wants that, and scales them.</summary>
    public static IReadOnlyList<TokenizedDialogue> Prepare(IReadOnlyList<TokenizedDialogue> dialogues, ObjectiveOptions objective)
    {
        if (objective is not IlqlOptions options)
        {
            return dialogues;
        }
        var standard = options.StandardizeRewards ? RewardStandardizer.Standardize(dialogues).Dialogues : dialogues;
        return options.RewardScale == 1
            ? standard
            : [.. standard.Select(dialogue => dialogue with { Rewards = dialogue.Rewards is { } rewards ? [.. rewards.Select(reward => options.RewardScale * reward)] : null })];
    }
}
