using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class DataPoemsCommandTests
{
    private const string Rows =
        """{"form":"haiku","title":"One","text":"Snow on the white hill;\nan old lantern by the gate\nburns the whole long night."}""" + "\n"
        + """{"form":"haiku","title":"Two","text":"It does not count\nand it is not three lines"}""" + "\n";

    private const string Book =
        "*** START OF THIS PROJECT GUTENBERG EBOOK X ***\n\n\n\nA TITLE\n\nThe cat sat down beside the door\nand washed itself upon the floor,\n"
        + "It did not think of mouse or milk,\nIts coat was like a coat of silk.\n\n*** END OF THIS PROJECT GUTENBERG EBOOK X ***\n";

    [Fact]
    public void Run_BookAndRows_WritesThemAndCounts()
    {
        using var folder = TestFiles.NewFolder();
        var arguments = Prepare(folder);

        var result = Rlhf.Run([.. arguments, "--json"]);

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(["file", "poems", "sources", "judged", "confusion"], result.Json.EnumerateObject().Select(part => part.Name));
        Assert.Equal("""{"book.txt":1,"rows.jsonl":2}""", result.Json.GetProperty("sources").GetRawText());
        Assert.Equal("""{"couplets":1}""", result.Json.GetProperty("judged").GetRawText());
        var haiku = result.Json.GetProperty("confusion").GetProperty("haiku");
        Assert.Equal((1, 1), (haiku.GetProperty("haiku").GetInt32(), haiku.GetProperty("other").GetInt32()));
        var lines = File.ReadAllLines(folder.File("made", "poems.jsonl"));
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("{\"id\":\"book/1\",\"source\":\"book.txt\",\"title\":\"A TITLE\",\"form\":\"couplets\",\"text\":\"The cat", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutJson_PrintsTheMatrix()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run(Prepare(folder));

        Assert.Contains("3 poems.", result.Output, StringComparison.Ordinal);
        Assert.Contains("Books, judged: 1 couplets.", result.Output, StringComparison.Ordinal);
        Assert.Contains("limerick", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FileExists_NeedsOverwrite()
    {
        using var folder = TestFiles.NewFolder();
        var arguments = Prepare(folder);
        Assert.Equal(ExitCodes.Done, Rlhf.Run(arguments).ExitCode);

        Assert.Equal($"error: '{folder.File("made", "poems.jsonl")}' exists. Replace it by --overwrite, or choose another file by --out.", Rlhf.Run(arguments).AssertFailed(ExitCodes.Error));
        Assert.Equal(ExitCodes.Done, Rlhf.Run([.. arguments, "--overwrite"]).ExitCode);
    }

    [Fact]   // nothing is written where one of the files is bad
    public void Run_BadInput_WritesNothing()
    {
        using var folder = TestFiles.NewFolder();
        var arguments = Prepare(folder);
        File.AppendAllText(folder.File("rows.jsonl"), "{\"form\":\"ode\"}\n");

        Assert.Contains("rows.jsonl:3: 'text' is missing or null", Rlhf.Run(arguments).AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("made", "poems.jsonl")));
        Assert.Contains("Two of the files are called 'rows'", Rlhf.Run([.. arguments, folder.File("rows.jsonl")]).AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
    }

    private static string[] Prepare(TemporaryFolder folder)
    {
        File.WriteAllText(folder.File("book.txt"), Book);
        File.WriteAllText(folder.File("rows.jsonl"), Rows);
        return ["data", "poems", folder.File("book.txt"), folder.File("rows.jsonl"), "--out", folder.File("made", "poems.jsonl")];
    }
}
