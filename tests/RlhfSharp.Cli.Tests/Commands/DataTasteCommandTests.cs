using System.Text.Json.Nodes;
using RlhfSharp.Cli.Tests.Support;

namespace RlhfSharp.Cli.Tests.Commands;

public sealed class DataTasteCommandTests
{
    [Fact]
    public void Run_Pairs_AreRowsThatARewardModelReads()
    {
        using var folder = TestFiles.NewFolder();
        var result = Rlhf.Run("data", "taste", "--out", folder.File("made", "taste.jsonl"), "--pairs", "30", "--json");

        Assert.True(result.ExitCode == ExitCodes.Done, result.Error);
        Assert.Equal(30, result.Json.GetProperty("pairs").GetInt32());
        var rows = File.ReadAllLines(folder.File("made", "taste.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal(30, rows.Count);
        Assert.All(rows, row => Assert.Equal(["prompt", "chosen", "rejected"], row.Select(column => column.Key)));
        Assert.All(rows, row => Assert.NotEqual(row["chosen"]!.GetValue<string>(), row["rejected"]!.GetValue<string>()));
    }

    [Fact]
    public void Run_FileExists_NeedsOverwrite()
    {
        using var folder = TestFiles.NewFolder();
        string[] arguments = ["data", "taste", "--out", folder.File("taste.jsonl"), "--pairs", "2"];
        Assert.Equal(ExitCodes.Done, Rlhf.Run(arguments).ExitCode);

        Assert.Contains("Replace it by --overwrite", Rlhf.Run(arguments).AssertFailed(ExitCodes.Error), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, Rlhf.Run([.. arguments, "--overwrite"]).ExitCode);
    }
}
