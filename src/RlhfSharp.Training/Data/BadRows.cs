using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Training.Data;

/// <summary>Decides about rows that cannot be used. One of these goes with a data set from the file to its tokens.</summary>
/// <param name="policy">Whether such a row is an error or is left out.</param>
public sealed class BadRows(OnBadRow policy)
{
    private readonly List<SkippedRow> _skipped = [];

    /// <summary>Gets the rows that were left out so far, in the order in which they were met.</summary>
    public IReadOnlyList<SkippedRow> Skipped => _skipped;

    /// <summary>Reports a row.</summary>
    /// <param name="source">Where it stands.</param>
    /// <param name="reason">What is wrong with it, without a full stop.</param>
    /// <exception cref="InputException">Bad rows are errors.</exception>
    public void Add(RowSource source, string reason)
    {
        if (policy == OnBadRow.Error)
        {
            throw new InputException($"{source}: {reason}. Correct the row, or leave such rows out with onBadRow: skip.");
        }
        _skipped.Add(new SkippedRow(source, reason));
    }

    /// <summary>Leaves a row out whatever the policy is, because another setting says so.</summary>
    internal void Skip(RowSource source, string reason) => _skipped.Add(new SkippedRow(source, reason));

    /// <summary>Builds the error about a data set of which nothing is left.</summary>
    internal InputException NothingLeft(string path)
    {
        var reasons = _skipped.GroupBy(row => row.Reason).Select(group => $"{group.Key} ({group.Count()})").Take(3);
        var because = _skipped.Count == 0 ? "." : $": all {_skipped.Count} were left out: {string.Join("; ", reasons)}.";
        return new InputException($"'{path}' holds no rows{(_skipped.Count == 0 ? string.Empty : " that can be used")}{because}");
    }
}
