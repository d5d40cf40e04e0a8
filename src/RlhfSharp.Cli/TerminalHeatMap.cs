using RlhfSharp.QualityDiversity.HeatMaps;
using Spectre.Console;

namespace RlhfSharp.Cli;

/// <summary>Prints a heat map: a table of values and numbers of texts, on the map's colours where the terminal shows them.</summary>
internal static class TerminalHeatMap
{
    private const int CellWidth = 8;
    private const string Nothing = "╱╱╱";   // hatched, as in the pictures

    public static void Write(TextWriter output, HeatMap map) => Write(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) }), map);

    public static void Write(IAnsiConsole console, HeatMap map)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(map.Title)) };
        if (map.Cells.Cast<HeatMapCell>().Any(cell => cell.Value is null))
        {
            table.Caption = new TableTitle($"{Nothing}: no text");
        }
        var (rows, columns) = (Labels(map.Vertical), Labels(map.Horizontal));
        if (!console.Profile.Out.IsTerminal)
        {
            // A file has no right border at which a row would have to be broken.
            console.Profile.Width = Math.Max(console.Profile.Width, 40 + rows.Max(label => label.Length) + columns.Sum(label => 4 + Math.Max(CellWidth, label.Length)));
        }
        table.AddColumn(new TableColumn(Markup.Escape(Corner(map))));
        foreach (var label in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(label)).Centered());
        }
        for (var row = 0; row < rows.Count; row++)
        {
            table.AddRow([Markup.Escape(rows[row]), .. Enumerable.Range(0, columns.Count).Select(column => Cell(map, map.Cells[row, column]))]);
        }
        console.Write(table);
    }

    private static string Corner(HeatMap map) => map.Vertical.Name.Length > 0 ? $"{map.Vertical.Name} ↓  {map.Horizontal.Name} →" : $"{map.Horizontal.Name} →";

    // A colour behind the value, and black or white letters on it. Without colours value and number still say it all.
    private static string Cell(HeatMap map, HeatMapCell cell)
    {
        var count = cell.Count is { } n ? $"N {n}" : string.Empty;
        if (cell.Value is not { } value)
        {
            return $"{Nothing}\n[dim]{count}[/]";
        }
        var color = ColorScale.At((value - map.Low) / (map.High - map.Low));
        var ink = ColorScale.WantsDarkText(color) ? "#000000" : "#ffffff";
        var back = ColorScale.HexAt((value - map.Low) / (map.High - map.Low));
        return $"[{ink} on {back}]{$" {map.Text(value)} ",CellWidth}[/]\n[dim]{count}[/]";
    }

    // A bin between two borders is named by them.
    private static List<string> Labels(HeatMapAxis axis) => axis.AtBorders
        ? [.. axis.Labels.Zip(axis.Labels.Skip(1), (low, high) => $"{low} to {high}")]
        : [.. axis.Labels];
}
