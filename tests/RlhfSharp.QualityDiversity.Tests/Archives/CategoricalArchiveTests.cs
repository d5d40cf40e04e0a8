using RlhfSharp.QualityDiversity.Archives;

namespace RlhfSharp.QualityDiversity.Tests.Archives;

public sealed class CategoricalArchiveTests
{
    private static CategoricalArchive<string> Poems() => new([new CategoricalAxis("genre", "haiku", "sonnet"), new CategoricalAxis("tone", "happy", "dark", "reflective")]);

    [Fact]
    public void Add_Labels_FallIntoTheirCells()
    {
        var archive = Poems();
        var results = archive.Add(["a", "b", "c"], [1, 2, 3], new[,] { { "haiku", "dark" }, { "sonnet", "reflective" }, { "haiku", "dark" } });
        Assert.Equal([1, 5, 1], results.Select(result => result.Cell));
        Assert.Equal("c", archive.Best(1)!.Solution);
        Assert.Equal(["sonnet", "reflective"], archive.LabelsOf(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => archive.LabelsOf(6));
    }

    // Defect 9: a judged genre outside the list ended the run.
    [Fact]
    public void Add_UnknownLabel_IsRejectedAndCounted()
    {
        var archive = Poems();
        var results = archive.Add(["a", "b"], [1, 2], new[,] { { "Haiku", "dark" }, { "haiku", "dark" } });
        Assert.Equal([AddStatus.Rejected, AddStatus.New], results.Select(result => result.Status));
        Assert.Equal((1L, 1), (archive.RejectedCount, archive.Count));
    }

    [Fact]
    public void Add_WrongNumberOfLabels_Throws() =>
        Assert.Contains("measures has shape [1, 1], expected [1, 2]", Assert.Throws<ArgumentException>(() => Poems().Add(["a"], [1], new[,] { { "haiku" } })).Message, StringComparison.Ordinal);
}
