namespace RlhfSharp.Training.Data;

/// <summary>Cuts rows into batches by tokens.</summary>
public static class TokenBudget
{
    /// <summary>Puts rows of like length together, as many as the budget allows.</summary>
    /// <param name="lengths">The number of tokens of each row.</param>
    /// <param name="budget">The largest number of tokens of a batch; a longer row is a batch of its own.</param>
    /// <returns>Indices of the rows of each batch, shortest rows first; rows of equal length keep their order.</returns>
    public static IReadOnlyList<int[]> Cut(IReadOnlyList<int> lengths, int budget) => Cut(Enumerable.Range(0, lengths.Count), lengths, budget);

    /// <summary>Puts some of the rows together, see <see cref="Cut(IReadOnlyList{int}, int)"/>.</summary>
    /// <param name="rows">Indices of the rows.</param>
    /// <param name="lengths">The number of tokens of each row of the data set.</param>
    /// <param name="budget">The largest number of tokens of a batch.</param>
    /// <returns>Indices of the rows of each batch.</returns>
    public static IReadOnlyList<int[]> Cut(IEnumerable<int> rows, IReadOnlyList<int> lengths, int budget)
    {
        var batches = new List<int[]>();
        var batch = new List<int>();
        var tokens = 0;
        foreach (var row in rows.OrderBy(row => lengths[row]))
        {
            if (batch.Count > 0 && tokens + lengths[row] > budget)
            {
                batches.Add([.. batch]);
                batch.Clear();
                tokens = 0;
            }
            batch.Add(row);
            tokens += lengths[row];
        }
        if (batch.Count > 0)
        {
            batches.Add([.. batch]);
        }
        return batches;
    }
}
