using RlhfSharp.QualityDiversity.HeatMaps;
using Spectre.Console;

namespace RlhfSharp.Cli.Tests;

public sealed class TerminalHeatMapTests
{
    private static readonly HeatMap Map = new(
        "Rewards [raw]", "reward", new HeatMapAxis("genre", ["haiku", "sonnet"]), new HeatMapAxis("length", ["0", "10", "∞"], AtBorders: true),
        new HeatMapCell[,] { { new(-1.25, 3), new(2, 4) }, { default, new(0, 5) } });

    [Fact]
    public void Write_NoColours_StillHasLabelsValuesNumbersAndHatchedCells()
    {
        var text = Written(ColorSystemSupport.NoColors);
        Assert.DoesNotContain('\u001b', text);
        Assert.All(["Rewards [raw]", "genre ↓  length →", "haiku", "sonnet", "0 to 10", "10 to ∞", "−1.25", "2.00", "N 3", "N 4", "N 5", "╱╱╱", "no text"], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Write_Colours_PutsThemBehindTheValues()
    {
        var text = Written(ColorSystemSupport.TrueColor);
        Assert.Contains("48;2;0;34;78m", text, StringComparison.Ordinal);      // the lowest: dark blue
        Assert.Contains("48;2;254;232;56m", text, StringComparison.Ordinal);   // the highest: yellow
        Assert.Contains("−1.25", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ManyColumnsToAFile_StayInOneRow()
    {
        var labels = Enumerable.Range(0, 30).Select(i => $"label{i}").ToList();
        var cells = new HeatMapCell[1, 30];
        Array.ForEach(Enumerable.Range(0, 30).ToArray(), i => cells[0, i] = new HeatMapCell(i, i));
        using var output = new StringWriter();
        TerminalHeatMap.Write(output, new HeatMap("Wide", "reward", new HeatMapAxis("", [""]), new HeatMapAxis("x", labels), cells));
        Assert.Contains(output.ToString().Split('\n'), line => labels.All(label => line.Contains(label, StringComparison.Ordinal)));
    }

    private static string Written(ColorSystemSupport colors)
    {
        using var output = new StringWriter();
        TerminalHeatMap.Write(AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colors == ColorSystemSupport.NoColors ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = colors,
            Out = new AnsiConsoleOutput(output),
        }), Map);
        return output.ToString();
    }
}
