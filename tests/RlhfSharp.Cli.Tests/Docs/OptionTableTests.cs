namespace RlhfSharp.Cli.Tests.Docs;

/// <summary>The tables of options in <c>docs/recipes.md</c> are those of the code.</summary>
public sealed class OptionTableTests
{
    private const string AcceptVariable = "RLHFSHARP_ACCEPT_DOCS";
    private const string Begin = "<!-- The tables from here on are written by a test. -->\n";
    private const string End = "<!-- Up to here. -->";

    [Fact]
    public void Tables_InRecipesPage_AreThoseOfTheSchema()
    {
        var file = Path.Combine(TestFiles.RepositoryRoot, "docs", "recipes.md");
        var page = File.ReadAllText(file);
        var (start, end) = (page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, page.IndexOf(End, StringComparison.Ordinal));
        Assert.True(start >= Begin.Length && end >= start, "docs/recipes.md has lost the lines between which the tables stand.");
        var expected = $"{OptionTables.Create()}\n";
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(file, $"{page[..start]}{expected}{page[end..]}");
            return;
        }
        Assert.True(
            page[start..end] == expected,
            $"The tables of options in docs/recipes.md are not those of the code. Write them anew: {AcceptVariable}=1 dotnet test -c Release");
    }
}
