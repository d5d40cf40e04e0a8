using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;
using RlhfSharp.Training.Rewards;

namespace RlhfSharp.Training.Objectives;

/// <summary>Writes preferences as a reward model will read answers when it scores them: by the same format.</summary>
public static class RewardPairReader
{
    /// <summary>Encodes rows.</summary>
    /// <param name="rows">Preferences; other rows are bad.</param>
    /// <param name="format">What the model reads.</param>
    /// <param name="maxTokens">The longest side; longer ones lose what <see cref="RewardFormat.Encode"/> cuts, or are bad rows.</param>
    /// <param name="onTooLong">What happens with longer ones.</param>
    /// <param name="badRows">What happens with bad rows.</param>
    /// <returns>The pairs, in the order of the rows.</returns>
    /// <exception cref="InputException">A row is bad and not to be skipped, or none is left.</exception>
    public static IReadOnlyList<RewardPair> Encode(IReadOnlyList<TextRow> rows, RewardFormat format, int maxTokens, OnTooLong onTooLong, BadRows badRows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(format);
        ArgumentNullException.ThrowIfNull(badRows);
        if (rows.Count == 0)
        {
            throw new InputException("There is no preference to learn from.");
        }
        var pairs = new List<RewardPair>();
        foreach (var row in rows)
        {
            if (row is not PreferenceRow preference)
            {
                badRows.Add(row.Source, "is no preference: a reward model learns from rows with 'chosen' and 'rejected'");
                continue;
            }
            var (chosen, isChosenCut) = format.Encode(new ScoreRequest(row.Id, preference.Prompt, preference.Chosen));
            var (rejected, isRejectedCut) = format.Encode(new ScoreRequest(row.Id, preference.Prompt, preference.Rejected));
            if ((isChosenCut || isRejectedCut) && onTooLong != OnTooLong.TruncateLeft)
            {
                AddTooLong(badRows, row.Source, maxTokens, onTooLong);
            }
            else if (chosen.SequenceEqual(rejected))
            {
                badRows.Add(row.Source, $"has two answers that are the same in the {maxTokens} tokens the model reads");
            }
            else
            {
                pairs.Add(new RewardPair(row.Source, GroupHash.Of(preference.Prompt), chosen, rejected));
            }
        }
        return pairs.Count > 0 ? pairs : throw badRows.NothingLeft(rows[0].Source.File);
    }

    private static void AddTooLong(BadRows badRows, RowSource source, int maxTokens, OnTooLong onTooLong)
    {
        var reason = $"is longer than {maxTokens} tokens";
        if (onTooLong == OnTooLong.Error)
        {
            throw new InputException($"{source}: {reason}. Raise maxTokens, or cut or leave out such rows with onTooLong.");
        }
        badRows.Skip(source, reason);
    }
}
