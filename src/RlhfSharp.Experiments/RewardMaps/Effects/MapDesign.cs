namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The placed texts of a search as rows of a regression: which labels they have, and what they earned.</summary>
internal sealed class MapDesign
{
    private readonly MapSummary _summary;
    private readonly List<MapEvent> _placed;

    private MapDesign(MapSummary summary, List<MapEvent> placed, List<int[]> bins, List<(int Axis, int Bin)> columns) =>
        (_summary, _placed, Bins, Columns) = (summary, placed, bins, columns);

    /// <summary>Gets the bins of each text, <c>[texts][axes]</c>.</summary>
    public IReadOnlyList<int[]> Bins { get; }

    /// <summary>Gets the columns behind the one of ones: every label that occurs, but the first of each axis, against which the others are measured.</summary>
    public IReadOnlyList<(int Axis, int Bin)> Columns { get; }

    /// <summary>Gets the first reward of each text.</summary>
    public IReadOnlyList<double> Rewards => _placed.ConvertAll(one => one.Solution.Rewards[0]);

    /// <summary>Gets the cell of each text.</summary>
    public IReadOnlyList<int> Cells => _placed.ConvertAll(one => one.Outcome.Cell!.Value);

    /// <summary>Gets the line of descent of each text.</summary>
    public IReadOnlyList<long> Lines => _placed.ConvertAll(one => _summary.State.LineOf(one.Solution.Id));

    /// <summary>Reads a search.</summary>
    public static MapDesign Of(MapSummary summary)
    {
        var placed = summary.State.Events.Where(one => one.Outcome.Cell is not null).ToList();
        var bins = placed.ConvertAll(one => summary.State.Archive.BinsOf(one.Outcome.Cell!.Value));
        var columns = summary.State.Axes.SelectMany((_, axis) => bins.Select(row => row[axis]).Distinct().Order().Skip(1).Select(bin => (Axis: axis, Bin: bin))).ToList();
        return new MapDesign(summary, placed, bins, columns);
    }

    /// <summary>Makes the rows.</summary>
    /// <param name="withLength">Whether the logarithm of a text's length is a column too; left out where all are of one length.</param>
    public IReadOnlyList<double[]> Rows(bool withLength)
    {
        double[] lengths = [.. _placed.Select(one => Math.Log(1 + one.Solution.Text.Length))];
        var varies = withLength && lengths.Distinct().Skip(1).Any();
        return [.. Bins.Select((row, text) => (double[])
        [
            1, .. Columns.Select(column => row[column.Axis] == column.Bin ? 1.0 : 0.0), .. varies ? [lengths[text]] : Array.Empty<double>(),
        ])];
    }
}
