using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Tests.Archives;

public sealed class ProximityArchiveTests
{
    [Fact]
    public void Add_FarAndNear_NovelOnesGetCellsAndOthersCompete()
    {
        var archive = new ProximityArchive<string>(["x", "y"], noveltyThreshold: 1, neighbours: 1);
        Assert.Equal(double.PositiveInfinity, archive.NoveltyOf(0, 0));

        // All three against the empty archive: each is novel, even though the first two lie together.
        Assert.Equal([0, 1, 2], archive.Add(["a", "b", "c"], [5, 6, 7], new double[,] { { 0, 0 }, { 0.1, 0 }, { 3, 4 } }).Select(result => result.Cell));
        Assert.Equal(5, archive.NoveltyOf(0, -5));

        Assert.Equal(new AddResult(AddStatus.New, 3, 1), archive.Add("d", 1, 0, -5));
        Assert.Equal(new AddResult(AddStatus.NotAdded, 2, -1), archive.Add("e", 6, 3, 4.5));
        Assert.Equal(new AddResult(AddStatus.Improved, 2, 1), archive.Add("f", 8, 3, 4.5));
        Assert.Equal(["a", "b", "f", "d"], archive.Select(elite => elite.Solution));
        Assert.Equal(1, archive.Statistics.Coverage);
    }

    [Fact]
    public void Add_NotCompeting_KeepsTheFirst()
    {
        var archive = new ProximityArchive<string>(["x"], noveltyThreshold: 1, competes: false);
        archive.Add("a", 1, 0);
        Assert.Equal(AddStatus.NotAdded, archive.Add("b", 9, 0.5).Status);
        Assert.Equal("a", Assert.Single(archive).Solution);
    }

    [Fact]
    public void NoveltyOf_SeveralNeighbours_IsTheirMeanDistance()
    {
        var archive = new ProximityArchive<int>(["x"], noveltyThreshold: 1, neighbours: 2);
        archive.Add([1, 2, 3], [0, 0, 0], new double[,] { { 0 }, { 4 }, { 10 } });
        Assert.Equal(2, archive.NoveltyOf(3));   // 4 is 1 away, 0 is 3 away, 10 does not count
    }

    [Fact]
    public void Clear_Always_ForgetsCells()
    {
        var archive = new ProximityArchive<int>(["x"], noveltyThreshold: 1);
        archive.Add(1, 1, 0);
        archive.Clear();
        Assert.Equal((0, 0, 0L), (archive.Count, archive.CellCount, archive.OfferedCount));
        Assert.Equal(0, archive.Add(2, 1, 0).Cell);
    }
}
