namespace RlhfSharp.Cli.Tests.Docs;

/// <summary>A page of the documentation: the README or a file in <c>docs/</c>.</summary>
internal sealed record Page(string Name, string Text)
{
    public static IReadOnlyList<Page> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(TestFiles.RepositoryRoot, "docs"), "*.md").Order(StringComparer.Ordinal)
            .Prepend(Path.Combine(TestFiles.RepositoryRoot, "README.md"))
            .Select(Read),
    ];

    public static Page Named(string name) => All.Single(page => page.Name == name);

    /// <summary>Gets the commands in the page's <c>sh</c> blocks in their order; a backslash at the end of a line joins it with the next.</summary>
    public IReadOnlyList<string> Commands =>
    [
        .. Blocks("sh")
            .SelectMany(block => block.Replace("\\\n", " ").Split('\n'))
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    /// <summary>Gets the contents of fenced blocks of a language.</summary>
    public IEnumerable<string> Blocks(string language) => Fences().Where(fence => fence.Language == language).Select(fence => fence.Content);

    /// <summary>Gets the languages of all fenced blocks.</summary>
    public IEnumerable<string> Languages => Fences().Select(fence => fence.Language);

    private static Page Read(string file) =>
        new(Path.GetRelativePath(TestFiles.RepositoryRoot, file).Replace('\\', '/'), File.ReadAllText(file).ReplaceLineEndings("\n"));

    private IEnumerable<(string Language, string Content)> Fences()
    {
        string? language = null;
        var content = new List<string>();
        foreach (var line in Text.Split('\n'))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                content.Add(line);
            }
            else if (language is null)
            {
                language = line[3..].Trim();
                content.Clear();
            }
            else
            {
                yield return (language, string.Join('\n', content));
                language = null;
            }
        }
        Assert.True(language is null, $"{Name}: a fenced block is not closed.");
    }
}
