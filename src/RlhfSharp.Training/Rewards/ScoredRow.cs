using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Rewards;

/// <summary>A row of data and what of it is scored: one text, or the two sides of a preference.</summary>
/// <param name="Id">The row's.</param>
/// <param name="Requests">One, or chosen and rejected.</param>
public sealed record ScoredRow(string Id, IReadOnlyList<ScoreRequest> Requests)
{
    /// <summary>Reads what can be scored of a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The requests.</returns>
    /// <exception cref="BadRowException">The row holds prompts only.</exception>
    internal static ScoredRow Of(TextRow row) => row switch
    {
        PreferenceRow preference => new(row.Id,
            [new($"{row.Id}/chosen", preference.Prompt, preference.Chosen), new($"{row.Id}/rejected", preference.Prompt, preference.Rejected)]),
        PromptCompletionRow answer => new(row.Id, [new(row.Id, answer.Prompt, answer.Completion)]),
        UnpairedPreferenceRow answer => new(row.Id, [new(row.Id, answer.Prompt, answer.Completion)]),
        RewardedRow answer => new(row.Id, [new(row.Id, answer.Prompt, answer.Completion)]),
        LanguageModelingRow text => new(row.Id, [new(row.Id, null, text.Content)]),
        _ => throw new BadRowException("holds a prompt and no answer: there is nothing to score"),
    };
}
