namespace RlhfSharp.QualityDiversity.Tests.Docs;

public sealed class SphereExampleTests
{
    private const string Begin = "// The page begins here.\n";
    private const string End = "        // The page ends here.";

    [Fact]
    public void Page_Example_IsTheOneThatRuns()
    {
        var page = File.ReadAllText(Path.Combine(TestFiles.RepositoryRoot, "docs", "quality-diversity.md")).ReplaceLineEndings("\n");
        var shown = Between(page, "```csharp\n", "```").Split('\n').Where(line => !line.StartsWith("using ", StringComparison.Ordinal)).SkipWhile(line => line.Length == 0);
        var run = Between(File.ReadAllText(SourceFile()).ReplaceLineEndings("\n"), Begin, End).Split('\n').Select(line => line.Length > 0 ? line[8..] : line);
        Assert.Equal(run, shown);
    }

    [Fact]
    public void Example_Run_FillsEveryCellAndWritesItsMap()
    {
        using var folder = TestFiles.NewFolder();
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            var archive = SphereExample.Run();
            Assert.Equal(1, archive.Statistics.Coverage);
            // The best that a cell at the corner can hold is -(4.5² + 4.5²) = -40.5 and at the middle 0; six numbers must have come close to 0 everywhere.
            Assert.All(archive, elite => Assert.True(elite.Objective > -41 - 8));
            Assert.Contains("Sphere function", File.ReadAllText("sphere.svg"), StringComparison.Ordinal);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static string Between(string text, string begin, string end)
    {
        var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    // Found by the repository's root: a build for continuous integration maps the paths that [CallerFilePath] would give to /_/.
    private static string SourceFile() =>
        Path.Combine(TestFiles.RepositoryRoot, "tests", "RlhfSharp.QualityDiversity.Tests", "Docs", "SphereExample.cs");
}
