using CsCheck;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Tests.Archives;

public sealed class SlidingBoundariesArchiveTests
{
    // 100 solutions at x = (i / 100)²: quartiles of i are 24.75, 49.5 and 74.25; between two neighbours the square is interpolated.
    [Fact]
    public void Add_AsManyAsRemap_MovesBordersToQuantiles()
    {
        var archive = new SlidingBoundariesArchive<int>([("x", 0, 1, 4)], remapEvery: 100);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], archive.Axes[0].Edges);

        for (var i = 0; i < 100; i++)
        {
            archive.Add(i, i, i / 100.0 * (i / 100.0));
        }

        double[] expected = [0.25 * 0.0576 + 0.75 * 0.0625, 0.5 * 0.2401 + 0.5 * 0.25, 0.75 * 0.5476 + 0.25 * 0.5625];
        Assert.Equal(expected, archive.Axes[0].Edges.Skip(1).Take(3), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([24, 49, 74, 99], archive.Select(elite => elite.Solution));   // the best of each quarter, placed anew
    }

    [Fact]
    public void Clear_AfterBordersMoved_BeginsAnew()
    {
        var archive = new SlidingBoundariesArchive<int>([("x", 0, 1, 4)], remapEvery: 50);
        void AddSixty()
        {
            for (var i = 0; i < 60; i++)
            {
                archive.Add(i, i, i / 100.0);
            }
        }
        AddSixty();
        var (edges, elites) = (archive.Axes[0].Edges.ToArray(), archive.Select(elite => elite.Solution).ToArray());

        archive.Clear();

        Assert.Empty(archive);
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], archive.Axes[0].Edges);
        AddSixty();
        Assert.Equal(edges, archive.Axes[0].Edges);
        Assert.Equal(elites, archive.Select(elite => elite.Solution));
    }

    [Fact]
    public void Add_Anything_ElitesLieInTheirCellsAndNothingIsInvented() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 20], Gen.Int[0, 20]).Array[1, 60].Sample(rows =>
        {
            var archive = new SlidingBoundariesArchive<int>([("x", 0, 20, 3), ("y", 0, 20, 2)], remapEvery: 7, latest: 20);
            foreach (var (number, (objective, x, y)) in rows.Index())
            {
                archive.Add(number, objective, x, y);
            }
            Assert.All(archive, elite =>
            {
                Assert.Equal(elite.Cell, archive.CellOf([.. elite.Measures]));
                Assert.Equal((rows[elite.Solution].Item1, (long)elite.Solution), ((int)elite.Objective, elite.Number));
            });
            Assert.Equal(rows.Max(row => row.Item1), (int)archive.BestElite!.Objective);   // the best of all cannot lose its cell
        });
}
