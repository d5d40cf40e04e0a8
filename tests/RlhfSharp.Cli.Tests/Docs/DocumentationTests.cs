using System.Text.RegularExpressions;
using RlhfSharp.Experiments.Recipes;

namespace RlhfSharp.Cli.Tests.Docs;

/// <summary>The documentation says what is true: its commands run, its recipes bind, its links lead somewhere.</summary>
[NoTensorLeak]
public sealed partial class DocumentationTests
{
    // Every page about a thing one can run has these, in this order; so a reader knows where to look.
    private static readonly string[] SharedHeadings = ["## About", "## Run it", "## Options", "## Metrics", "## What goes wrong"];

    public static TheoryData<string> Pages => [.. Page.All.Select(page => page.Name)];

    public static TheoryData<string> Concepts =>
        [.. Page.All.Select(page => page.Name).Where(name => name is not ("README.md" or "docs/install.md"))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_InTheirOrder_Run(string page)
    {
        using var workspace = new ReaderWorkspace();
        foreach (var command in Page.Named(page).Commands)
        {
            DocumentedCommands.Run(command);
        }
    }

    // C# is compiled and run where the library it shows has its tests: SphereExampleTests.
    [Theory]
    [MemberData(nameof(Pages))]
    public void Blocks_OfAPage_AreOfKindsThatAreTested(string page) =>
        Assert.All(Page.Named(page).Languages, language => Assert.Contains(language, (string[])["sh", "yaml", "xml", "json", "text", "csharp", ""]));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Recipes_InYamlBlocks_Bind(string page)
    {
        foreach (var yaml in Page.Named(page).Blocks("yaml").Where(block => block.StartsWith("name:", StringComparison.Ordinal)))
        {
            Assert.NotEmpty(RecipeVariants.Parse<TrainingRecipe>(yaml, page, []));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_ToFiles_LeadSomewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(TestFiles.RepositoryRoot, page))!;
        foreach (Match link in Link().Matches(Page.Named(page).Text))
        {
            var target = link.Groups["target"].Value;
            var isThere = target.StartsWith("https://", StringComparison.Ordinal) || Path.Exists(Path.Combine(folder, target));
            Assert.True(isThere, $"{page} links to {target}, which is not there.");
        }
    }

    [Theory]
    [MemberData(nameof(Concepts))]
    public void Headings_OfAConcept_AreTheSharedOnes(string page) =>
        Assert.Equal(SharedHeadings, Page.Named(page).Text.Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)));

    [Fact]
    public void Pages_AllOfThem_AreLinkedFromTheReadme()
    {
        var readme = Page.Named("README.md").Text;
        Assert.All(Page.All.Skip(1), page => Assert.Contains($"({page.Name})", readme, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)[^)]*\)")]
    private static partial Regex Link();
}
