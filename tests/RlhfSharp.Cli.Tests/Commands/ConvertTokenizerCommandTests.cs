using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;
using RlhfSharp.Models.Tokenization;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class ConvertTokenizerCommandTests
{
    private static string Model => TestFiles.SharedData("stories260K-hf");

    [Fact]
    public void Convert_FolderOrFile_WritesATokenizerThatGivesTheSameIds()
    {
        using var folder = TestFiles.NewFolder();
        var (whole, single) = (folder.File("folder"), folder.File("file"));

        var result = Rlhf.Run("convert-tokenizer", "--model", Model, "--output", whole);
        Assert.Equal((ExitCodes.Done, string.Empty), (result.ExitCode, result.Error));
        Assert.Equal($"512 tokens: '{Path.Combine(whole, "tokenizer.json")}'\n", result.Output);
        Assert.Equal(ExitCodes.Done, Rlhf.Run("convert-tokenizer", "--model", Path.Combine(Model, "tokenizer.model"), "--output", single).ExitCode);

        const string Text = "Once upon a time  there was a bee</s> 🐝.";
        Assert.Equal(["tokenizer.json", "tokenizer_config.json"], Directory.GetFiles(whole).Select(Path.GetFileName).Order());
        Assert.Equal(TokenizerLoader.Load(Model).Encode(Text), TokenizerLoader.Load(whole).Encode(Text));
        Assert.Equal(TokenizerLoader.Load(Model).Encode(Text), TokenizerLoader.Load(single).Encode(Text));
    }

    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    [InlineData("chat_template.jinja")]
    public void Convert_FileThatIsThere_StaysUnlessToldOtherwise(string name)
    {
        using var folder = TestFiles.NewFolder();
        File.WriteAllText(folder.File(name), "mine");

        var refused = Rlhf.Run("convert-tokenizer", "--model", Model, "--output", folder.Path);

        Assert.Equal(ExitCodes.Error, refused.ExitCode);
        Assert.Contains($"'{folder.File(name)}' exists. Replace it by --overwrite", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Assert.Single(Directory.GetFiles(folder.Path))));

        File.Delete(folder.File("chat_template.jinja"));   // which the model lacks, so that nothing would replace it
        var result = Rlhf.Run("convert-tokenizer", "--model", Model, "--output", folder.Path, "--overwrite", "--json");
        Assert.Equal(512, (int)JsonNode.Parse(result.Output)!["tokens"]!);
        Assert.Equal("Once", TokenizerLoader.Load(folder.Path).Decode(TokenizerLoader.Load(folder.Path).Encode("Once")));
    }

    [Fact]
    public void Convert_NoSentencePieceModel_LeavesNoFolderBehind()
    {
        using var folder = TestFiles.NewFolder();

        var result = Rlhf.Run("convert-tokenizer", "--model", folder.Path, "--output", folder.File("converted"));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("no SentencePiece model to convert", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("converted")));
    }
}
