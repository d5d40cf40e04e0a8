using RlhfSharp.Models.Runtime;
using RlhfSharp.Training.Data;

namespace RlhfSharp.Training.Rewards;

/// <summary>Scores the rows of a file by a reward model.</summary>
public static class RowScoring
{
    /// <summary>Reads what can be scored of a file.</summary>
    /// <param name="path">JSONL, JSON or Parquet in one of TRL's schemas.</param>
    /// <param name="badRows">What happens with rows that cannot be read.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="InputException">The file cannot be read, or a row is refused.</exception>
    public static IReadOnlyList<ScoredRow> Read(string path, BadRows badRows)
    {
        ArgumentNullException.ThrowIfNull(badRows);
        var rows = new List<ScoredRow>();
        foreach (var row in TextRowReader.Read(path, RowSchema.Auto, badRows))
        {
            try
            {
                rows.Add(ScoredRow.Of(row));
            }
            catch (BadRowException exception)
            {
                badRows.Add(row.Source, exception.Message);
            }
        }
        return rows.Count > 0 ? rows : throw badRows.NothingLeft(path);
    }

    /// <summary>Scores rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="scorer">The reward model.</param>
    /// <param name="progress">Is told which share is done; may be null.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="InputException">A row cannot be scored.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<ScoringResult> ScoreAsync(IReadOnlyList<ScoredRow> rows, IScorer scorer, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(scorer);
        var scores = await scorer.ScoreAsync([.. rows.SelectMany(row => row.Requests)], progress, cancellationToken).ConfigureAwait(false);
        var next = 0;
        return new ScoringResult(rows, [.. rows.Select(row => (IReadOnlyList<double>)[.. row.Requests.Select(_ => scores[next++])])]);
    }
}
