namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>The labels of two axes of which every combination has enough independent texts: an interaction is about all of them at once.</summary>
/// <param name="FirstAxis">An axis.</param>
/// <param name="SecondAxis">Another.</param>
/// <param name="First">Bins of the first axis, at least two.</param>
/// <param name="Second">Bins of the second axis, at least two.</param>
internal sealed record CellTable(int FirstAxis, int SecondAxis, int[] First, int[] Second)
{
    public IEnumerable<(int First, int Second)> Cells => First.SelectMany(first => Second.Select(second => (first, second)));

    /// <summary>Takes out labels, the one with most cells that lack texts first, until no cell does.</summary>
    /// <param name="designs">The searches.</param>
    /// <param name="firstAxis">An axis.</param>
    /// <param name="secondAxis">Another.</param>
    /// <param name="lines">How many lines of descent a cell needs, in every search.</param>
    /// <returns>Null where fewer than two labels of an axis are left.</returns>
    public static CellTable? Of(IReadOnlyList<MapDesign> designs, int firstAxis, int secondAxis, int lines)
    {
        var filled = designs.Select(design => design.Bins.Zip(design.Lines, (bins, line) => (Cell: (bins[firstAxis], bins[secondAxis]), Line: line))
                .GroupBy(text => text.Cell, text => text.Line).Where(cell => cell.Distinct().Count() >= lines).Select(cell => cell.Key).ToHashSet())
            .Aggregate((all, one) => [.. all.Intersect(one)]);
        var (first, second) = (filled.Select(cell => cell.Item1).Distinct().Order().ToList(), filled.Select(cell => cell.Item2).Distinct().Order().ToList());
        while (first.Count >= 2 && second.Count >= 2)
        {
            var rows = first.ConvertAll(row => second.Count(column => !filled.Contains((row, column))));
            var columns = second.ConvertAll(column => first.Count(row => !filled.Contains((row, column))));
            if (rows.Max() == 0)
            {
                return new CellTable(firstAxis, secondAxis, [.. first], [.. second]);
            }
            // As a share of its cells: a long row has more of them.
            var isRow = rows.Max() * first.Count >= columns.Max() * second.Count;
            (isRow ? first : second).RemoveAt(isRow ? rows.LastIndexOf(rows.Max()) : columns.LastIndexOf(columns.Max()));
        }
        return null;
    }

    public bool Contains(int[] bins) => First.Contains(bins[FirstAxis]) && Second.Contains(bins[SecondAxis]);

    public int PlaceOf(int[] bins) => PlaceOf((bins[FirstAxis], bins[SecondAxis]));

    public int PlaceOf((int First, int Second) cell) => Array.IndexOf(First, cell.First) * Second.Length + Array.IndexOf(Second, cell.Second);
}
