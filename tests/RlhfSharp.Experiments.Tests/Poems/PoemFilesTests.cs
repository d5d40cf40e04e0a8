using RlhfSharp.Experiments.Poems;
using RlhfSharp.Models.Runtime;

namespace RlhfSharp.Experiments.Tests.Poems;

public sealed class PoemFilesTests
{
    [Fact]
    public void Read_LabelledRows_KeepsTheLabel()
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("rows.jsonl"), """{"form":"sonnet","title":"A","text":"x\ny"}""" + "\n" + """{"form":"ode","title":null,"text":"z"}""" + "\n");

        Assert.Equal(
            [new PoemRecord("rows/1", "rows.jsonl", "A", "sonnet", true, "x\ny"), new PoemRecord("rows/2", "rows.jsonl", null, "ode", true, "z")],
            PoemFiles.Read(folder.File("rows.jsonl")));
    }

    [Fact]
    public void Write_Poems_AreLinesOfFiveColumns()
    {
        using var folder = TestFiles.NewFolder();
        PoemFiles.Write(folder.File("poems.jsonl"), [new PoemRecord("b/1", "b.txt", null, "haiku", false, "é\n\"z\"")]);

        Assert.Equal("{\"id\":\"b/1\",\"source\":\"b.txt\",\"title\":null,\"form\":\"haiku\",\"text\":\"é\\n\\\"z\\\"\"}\n", File.ReadAllText(folder.File("poems.jsonl")));
    }

    [Theory]
    [InlineData("""{"form":"ode"}""", "rows.jsonl:1: 'text' is missing or null, expected a string")]
    [InlineData("""{"form":3,"text":"x"}""", "rows.jsonl:1: 'form' is empty or no text, expected a string")]
    [InlineData("""{"form":"ode","text":" "}""", "'text' is empty or no text")]
    [InlineData("""{"form":"ode","title":[],"text":"x"}""", "'title' is empty or no text")]
    [InlineData("not json", "rows.jsonl:1")]
    public void Read_BadRow_NamesFileLineAndColumn(string row, string expected)
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File("rows.jsonl"), row + "\n");

        Assert.Contains(expected, Assert.Throws<InputException>(() => PoemFiles.Read(folder.File("rows.jsonl"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoSuchFile_FolderOrText_SaysSo()
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllBytes(folder.File("latin.txt"), [0xE9, 0x0A]);

        Assert.Contains("could not be read", Assert.Throws<InputException>(() => PoemFiles.Read(folder.File("none.txt"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", Assert.Throws<InputException>(() => PoemFiles.Read(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("is not UTF-8", Assert.Throws<InputException>(() => PoemFiles.Read(folder.File("latin.txt"))).Message, StringComparison.Ordinal);
    }
}
