namespace RlhfSharp.QualityDiversity.Intervals;

/// <summary>Estimates with their intervals, one below the other on a scale of their own: such numbers as mean rewards have no zero that means anything, so there are no bars.</summary>
public sealed record IntervalPlot
{
    /// <summary>Initializes a plot.</summary>
    /// <param name="title">What it shows; stands above it.</param>
    /// <param name="valueName">What the scale measures.</param>
    /// <param name="rows">From top to bottom, at least one.</param>
    /// <exception cref="ArgumentException">There is no row, a number is not finite, or an interval has one end only.</exception>
    public IntervalPlot(string title, string valueName, IReadOnlyList<IntervalRow> rows)
    {
        if (rows.Count == 0)
        {
            throw new ArgumentException("A plot needs at least one row.", nameof(rows));
        }
        foreach (var row in rows)
        {
            if (!double.IsFinite(row.Value) || row.Low is { } low && !double.IsFinite(low) || row.High is { } high && !double.IsFinite(high) || row.Low is null != row.High is null)
            {
                throw new ArgumentException($"The row '{row.Label}' must have a finite value and a finite interval, or none.", nameof(rows));
            }
        }
        (Title, ValueName, Rows) = (title, valueName, rows);
    }

    /// <summary>Gets what the plot shows.</summary>
    public string Title { get; }

    /// <summary>Gets what the scale measures.</summary>
    public string ValueName { get; }

    /// <summary>Gets the rows.</summary>
    public IReadOnlyList<IntervalRow> Rows { get; }
}
