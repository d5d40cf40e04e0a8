using RlhfSharp.QualityDiversity.Statistics;

namespace RlhfSharp.QualityDiversity.Tests.Statistics;

public sealed class CellLedgerTests
{
    [Fact]
    public void Add_ValuesAndRejections_AreCountedPerCell()
    {
        var ledger = new CellLedger(2);
        ledger.Add(0, 1);
        ledger.Add(0, 4);
        ledger.Add(0, double.NaN);
        ledger.Reject(1);
        ledger.Reject();

        Assert.Equal((2, 1, 2.5, 4.0), (ledger.Cells[0].Count, ledger.Cells[0].Rejected, ledger.Cells[0].Mean, ledger.Cells[0].LowerBound));
        Assert.Equal(Math.Sqrt(4.5), ledger.Cells[0].StandardDeviation!.Value, 1e-12);   // (1.5² + 1.5²) / 1
        Assert.Equal((2.5, 4.0, null), (ledger.Cells[0].ExpectedBestOf(1), ledger.Cells[0].ExpectedBestOf(2), ledger.Cells[0].ExpectedBestOf(3)));
        Assert.Equal((0, 1, null, null, null), (ledger.Cells[1].Count, ledger.Cells[1].Rejected, ledger.Cells[1].Mean, ledger.Cells[1].LowerBound, ledger.Cells[1].StandardDeviation));
        Assert.Equal(1, ledger.RejectedWithoutCell);
    }
}
