using System.Xml.Linq;
using RlhfSharp.Experiments.Reports;
using RlhfSharp.Training.Metrics;

namespace RlhfSharp.Experiments.Tests.Reports;

public sealed class TableBlockTests
{
    [Fact]
    public void Render_ValuesAndIntervals_StandInCellsUnderTheirHeader()
    {
        var table = Table(new TableColumn("win rate", 2),
            new TableRow("dpo", [new Estimate(.623, new Interval(.55, .691))]),
            new TableRow("base", [.5]), new TableRow("ppo", [TableCell.Empty]));
        Assert.Equal(["0.62|[0.55, 0.69]", "0.50|", "–|"], Rows(table));
        Assert.Equal(["col", "col", "row", "row", "row"], table.Descendants("th").Select(header => header.Attribute("scope")?.Value));
        Assert.Equal("2", table.Descendants("th").ElementAt(1).Attribute("colspan")?.Value);
        Assert.Equal("In brackets: 95% intervals.", table.Descendants("p").Single().Value);
    }

    [Theory]
    [InlineData(BestValue.None)]
    [InlineData(BestValue.Highest, "b", "d")]
    [InlineData(BestValue.Lowest, "c")]
    public void Render_Best_StandsOutWithAllThatEqualIt(BestValue best, params string[] expected)
    {
        var table = Table(new TableColumn("score", Best: best),
            new TableRow("a", [2.0]), new TableRow("b", [3.0]), new TableRow("c", [-1.0]),
            new TableRow("d", [3.0]), new TableRow("e", [double.NaN]));
        Assert.Equal(expected, table.Descendants("strong").Select(strong => strong.Ancestors("tr").First().Element("th")!.Value));
    }

    [Fact]
    public void Render_SingleValue_DoesNotStandOut() =>
        Assert.Empty(Table(new TableColumn("score", Best: BestValue.Highest), new TableRow("a", [2.0])).Descendants("strong"));

    [Fact]
    public void Constructor_RowWithoutACellForEachColumn_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => Table(new TableColumn("score"), new TableRow("dpo", [1.0, 2.0])));
        Assert.StartsWith("Row 'dpo' has 2 cells, the table 1 columns.", error.Message);
    }

    [Theory]
    [InlineData(0.1236, 3, "0.124")]
    [InlineData(-0.5, 2, "−0.50")]
    [InlineData(-0.0001, 2, "0.00")]   // what rounds to zero has no sign
    [InlineData(12, 0, "12")]
    [InlineData(double.NaN, 3, "NaN")]
    [InlineData(double.PositiveInfinity, 3, "∞")]
    [InlineData(double.NegativeInfinity, 3, "−∞")]
    public void Fixed_Number_IsPrintedForPeople(double value, int decimals, string expected) =>
        Assert.Equal(expected, NumberText.Fixed(value, decimals));

    private static XElement Table(TableColumn column, params TableRow[] rows) =>
        Rendered.Blocks(new TableBlock("Results", "method", [column], rows));

    private static IEnumerable<string> Rows(XElement table) =>
        table.Descendants("tbody").Single().Elements("tr").Select(row => string.Join('|', row.Elements("td").Select(cell => cell.Value)));
}
