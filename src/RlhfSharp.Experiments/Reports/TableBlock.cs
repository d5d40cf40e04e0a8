namespace RlhfSharp.Experiments.Reports;

/// <summary>A table of results with their 95% intervals. On a narrow screen it scrolls in a box of its own.</summary>
/// <param name="Caption">What the table shows.</param>
/// <param name="RowHeader">What the rows are, for instance <c>method</c>.</param>
/// <param name="Columns">The columns after the first.</param>
/// <param name="Rows">From top to bottom, each with one cell per column.</param>
/// <param name="Note">What a reader must know to read it right; empty for none.</param>
public sealed record TableBlock(
    string Caption, string RowHeader, IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableRow> Rows, string Note = "") : IReportBlock
{
    /// <summary>Gets the rows.</summary>
    /// <exception cref="ArgumentException">A row has not one cell per column.</exception>
    public IReadOnlyList<TableRow> Rows { get; } = Checked(Rows, Columns);

    /// <inheritdoc/>
    public void Render(HtmlWriter html)
    {
        html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", Caption));
        html.Open("table");
        html.Element("caption", Caption, ("dir", "auto"));
        html.Open("thead");
        html.Open("tr");
        html.Element("th", RowHeader, ("scope", "col"));
        for (var i = 0; i < Columns.Count; i++)
        {
            html.Element("th", Columns[i].Header, [("scope", "col"), .. Width(i)]);
        }
        html.Close();
        html.Close();
        html.Open("tbody");
        foreach (var row in Rows)
        {
            html.Open("tr");
            html.Element("th", row.Label, ("scope", "row"), ("dir", "auto"));
            for (var i = 0; i < Columns.Count; i++)
            {
                Cell(html, row.Cells[i], i);
            }
            html.Close();
        }
        html.Close();
        html.Close();
        html.Close();
        if (ReadingHelp() is { Length: > 0 } help)
        {
            html.Element("p", help, ("class", "note"), ("dir", "auto"));
        }
    }

    private void Cell(HtmlWriter html, TableCell cell, int column)
    {
        if (cell.Text is { } text)
        {
            html.Element("td", text, [("dir", "auto"), .. Width(column)]);
            return;
        }
        var decimals = Columns[column].Decimals;
        html.Open("td", ("class", "number"));
        if (cell.Number is { } number)
        {
            html.Element(number.Value == BestOf(column) ? "strong" : "span", NumberText.Fixed(number.Value, decimals));
        }
        else
        {
            html.Text("–");
        }
        html.Close();
        if (HasIntervals(column))
        {
            html.Element("td", cell.Number?.Interval is { } interval ? NumberText.Interval(interval, decimals) : "", ("class", "interval"));
        }
    }

    // Intervals have a column of their own, below the same header, so that values stay below each other where some have none.
    private (string Name, string Value)[] Width(int column) => HasIntervals(column) ? [("colspan", "2")] : [];

    private bool HasIntervals(int column) => Rows.Any(row => row.Cells[column].Number?.Interval is not null);

    // Null where nothing stands out: no ranking asked for, or nothing to rank against.
    private double? BestOf(int column)
    {
        var values = Rows.Select(row => row.Cells[column].Number?.Value).OfType<double>().Where(value => !double.IsNaN(value)).ToList();
        return values.Count < 2 ? null : Columns[column].Best switch
        {
            BestValue.Highest => values.Max(),
            BestValue.Lowest => values.Min(),
            _ => null,
        };
    }

    private string ReadingHelp()
    {
        var help = new List<string>();
        if (Enumerable.Range(0, Columns.Count).Any(HasIntervals))
        {
            help.Add("In brackets: 95% intervals.");
        }
        if (Enumerable.Range(0, Columns.Count).Any(column => BestOf(column) is not null))
        {
            help.Add("Bold: best of its column.");
        }
        if (Note.Length > 0)
        {
            help.Add(Note);
        }
        return string.Join(' ', help);
    }

    private static IReadOnlyList<TableRow> Checked(IReadOnlyList<TableRow> rows, IReadOnlyList<TableColumn> columns)
    {
        foreach (var row in rows)
        {
            if (row.Cells.Count != columns.Count)
            {
                throw new ArgumentException(
                    $"Row '{row.Label}' has {row.Cells.Count} cells, the table {columns.Count} columns.", nameof(rows));
            }
        }
        return rows;
    }
}
