using CsCheck;
using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Tests.Archives;

public sealed class CvtArchiveTests
{
    private static readonly (double, double)[] Square = [(-1, 1), (0, 10)];

    // The second route: compare with every centroid. Coordinates on a coarse lattice make ties common; the lowest index wins then.
    [Fact]
    public void CellOf_AnyPoint_IsTheNearestCentroid() =>
        Gen.Select(Gen.Int[-4, 4].Array[2, 2].Array[1, 80], Gen.Int[-5, 5].Array[2, 2].Array[1, 20]).Sample((centroids, points) =>
        {
            var archive = new CvtArchive<int>(CvtCentroids.Of([.. centroids.Select(point => point.Select(value => (double)value).ToArray())]));
            foreach (var point in points)
            {
                var distances = centroids.Select(centroid => (centroid[0] - point[0]) * (centroid[0] - point[0]) + (centroid[1] - point[1]) * (centroid[1] - point[1])).ToList();
                Assert.Equal(distances.IndexOf(distances.Min()), archive.CellOf(point[0], point[1]));
            }
        });

    [Fact]
    public void Spread_SameSeed_SameCentroids()
    {
        var (one, same, other) = (CvtCentroids.Spread(Square, 40, seed: 3), CvtCentroids.Spread(Square, 40, seed: 3), CvtCentroids.Spread(Square, 40, seed: 4));
        Assert.Equal(one.Points, same.Points);
        Assert.NotEqual(one.Points, other.Points);
        Assert.All(one.Points, point => Assert.True(point[0] is > -1 and < 1 && point[1] is > 0 and < 10));
    }

    // Four centroids of many points spread over a square must lie near the middles of its quarters.
    [Fact]
    public void Spread_FourInASquare_DivideItEvenly()
    {
        var counts = new int[4];
        var archive = new CvtArchive<int>(CvtCentroids.Spread([(0, 1), (0, 1)], 4, seed: 0, samples: 4000));
        for (var i = 0; i < 50; i++)
        {
            for (var j = 0; j < 50; j++)
            {
                counts[archive.CellOf((i + 0.5) / 50, (j + 0.5) / 50)]++;
            }
        }
        Assert.All(counts, count => Assert.InRange(count, 500, 750));   // 625 each if perfect
    }

    // Defect 7: centroids were not saved, so a resumed run put solutions into other cells.
    [Fact]
    public void Save_ThenLoad_IsExactlyTheSame()
    {
        var centroids = CvtCentroids.Spread(Square, 30, seed: 9);
        using var text = new StringWriter();
        centroids.Save(text);
        Assert.Equal(centroids.Points, CvtCentroids.Load(new StringReader(text.ToString()), "centroids.csv").Points);
    }

    [Theory]
    [InlineData("", "centroids.csv is empty")]
    [InlineData("1,2\n3\n", "centroids.csv:2: expected 2 finite numbers")]
    [InlineData("1,x\n", "centroids.csv:1: expected one or more finite numbers")]
    public void Load_Nonsense_NamesTheLine(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<FormatException>(() => CvtCentroids.Load(new StringReader(text), "centroids.csv")).Message, StringComparison.Ordinal);
}
