namespace RlhfSharp.Experiments.RewardMaps;

/// <summary>One search's fit of reward = one number per cell of two axes + one per label of each other axis (+ slope · log length).</summary>
internal sealed class CellFit
{
    private readonly ClusteredRegression _fit;
    private readonly CellTable _table;

    private CellFit(ClusteredRegression fit, CellTable table, double largest) => (_fit, _table, Largest) = (fit, table, largest);

    /// <summary>Gets the size of the largest reward.</summary>
    public double Largest { get; }

    /// <summary>Fits the texts of a table.</summary>
    /// <returns>Null where the cells cannot be told apart from other axes.</returns>
    public static CellFit? Of(MapDesign design, CellTable table, bool isLengthEqual)
    {
        var texts = Enumerable.Range(0, design.Bins.Count).Where(text => table.Contains(design.Bins[text])).ToList();
        var (additive, rewards, lines) = (design.Rows(isLengthEqual), design.Rewards, design.Lines);
        // Of the additive model's columns those stay that are not about the two axes: other axes, and length behind them. One that is the same in all these texts says nothing.
        var others = Enumerable.Range(1, additive[0].Length - 1)
            .Where(column => column > design.Columns.Count || design.Columns[column - 1].Axis != table.FirstAxis && design.Columns[column - 1].Axis != table.SecondAxis)
            .Where(column => texts.Select(text => additive[text][column]).Distinct().Skip(1).Any()).ToList();
        var cells = table.First.Length * table.Second.Length;
        var rows = texts.ConvertAll(text =>
        {
            var row = new double[cells + others.Count];
            row[table.PlaceOf(design.Bins[text])] = 1;
            others.Index().ToList().ForEach(other => row[cells + other.Index] = additive[text][other.Item]);
            return row;
        });
        var fit = ClusteredRegression.Fit(rows, texts.ConvertAll(text => rewards[text]), texts.ConvertAll(text => lines[text]));
        return fit is null ? null : new CellFit(fit, table, texts.Max(text => Math.Abs(rewards[text])));
    }

    /// <summary>Estimates how much a cell is above what its two labels say: cell − mean of its row − mean of its column + mean of all, every cell weighing the same.</summary>
    public FitEstimate Deviation((int First, int Second) cell)
    {
        var weights = new double[_fit.Coefficients.Length];
        foreach (var other in _table.Cells)
        {
            weights[_table.PlaceOf(other)] = ((other.First == cell.First ? 1.0 : 0.0) - 1.0 / _table.First.Length) * ((other.Second == cell.Second ? 1.0 : 0.0) - 1.0 / _table.Second.Length);
        }
        return _fit.Estimate(weights);
    }
}
